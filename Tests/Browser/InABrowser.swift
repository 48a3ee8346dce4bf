import Testing

/// What people see and do with a real browser; one test at a time, for they share it.
@Suite(.serialized, .house, .timeLimit(.minutes(2))) struct `in a browser` {}
