public import Web

extension FastCGIServer {
    /// Why something was not served.
    ///
    /// Records that nginx would not send end the connection without a word. Where the records are sound and only what they carry is
    /// not, the peer gets the ``answer``. Nothing that was refused reaches libfcgi.
    public enum Refusal: String, Error, CaseIterable, Sendable {
        /// A record of request id 0.
        case managementRecord
        /// A record's version is not 1.
        case version
        /// A record's type is unknown, or no responder has it.
        case recordType
        /// A record belongs to another request than the one that was begun.
        case requestID
        /// The application is asked to be something else than a responder.
        case role
        /// The lengths of a record or of a parameter do not fit what they are the lengths of.
        case length
        /// Records in another order than BEGIN, PARAMS, STDIN, or something behind the last one.
        case order
        /// FCGI_ABORT_REQUEST; nginx closes the connection instead.
        case abort
        /// More bytes of parameters than ``Options/parameterBytes``.
        case parametersTooLarge
        /// More parameters than ``Options/parameterCount``.
        case tooManyParameters
        /// A parameter's name is empty or has something else than `A`-`Z`, `0`-`9` and `_`.
        case parameterName
        /// A parameter's value has a NUL, where libfcgi would end it.
        case parameterValue
        /// A parameter that decides what the request is comes twice and says two things.
        case parameterTwice
        /// There is no REQUEST_METHOD.
        case methodMissing
        /// The body is longer than ``Options/bodyLimit``, or CONTENT_LENGTH says so.
        case bodyTooLarge
        /// CONTENT_LENGTH is no number, or not the length of the body.
        case contentLength
        /// The request did not arrive in time.
        case deadline
        /// The peer left in the middle of a request.
        case abandoned
        /// The peer is none of ``Options/allowedUsers``.
        case peer
        /// libfcgi did not read what the gate had let pass.
        case library

        /// The status that a peer gets, or nil where the connection ends without a word.
        public var answer: HTTPResponse.Status? {
            switch self {
            case .parametersTooLarge, .tooManyParameters: .requestHeaderFieldsTooLarge
            case .parameterName, .parameterValue, .parameterTwice, .methodMissing, .contentLength: .badRequest
            case .bodyTooLarge: .contentTooLarge
            case .managementRecord, .version, .recordType, .requestID, .role, .length, .order, .abort: nil
            case .deadline, .abandoned, .peer, .library: nil
            }
        }
    }
}
