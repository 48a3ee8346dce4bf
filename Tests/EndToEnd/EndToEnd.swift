import TestBench
import Testing

/// The programs as they are built, behind a real nginx; one test after another, because they measure time and count processes.
@Suite(.serialized) enum EndToEnd {}
