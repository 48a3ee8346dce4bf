internal import AccountsClient
internal import Logging

extension LoginCheck {
    func held(_ attempt: LoginAttempt, _ milliseconds: Int64, locked: Bool) -> AccountsAnswer {
        logRefusal("login held", attempt, locked ? "locked" : "too-many-failures")
        return .verification(.held(retryAfterSeconds: Int(clamping: (milliseconds + 999) / 1000)))
    }

    /// Logs a try that was not verified; of a flood of them, some.
    func logRefusal(_ message: Logger.Message, _ attempt: LoginAttempt, _ why: String) {
        guard let leftOut = gate.pass() else { return }
        var metadata = metadata(attempt, nil, why)
        if leftOut > 0 { metadata["left-out"] = "\(leftOut)" }
        logger.notice(message, metadata: metadata)
    }

    func logFailure(_ attempt: LoginAttempt, _ account: UserAccount?, matches: Bool) {
        let why = account == nil ? "unknown-name" : matches ? "disabled" : "wrong-password"
        logger.notice("login failed", metadata: metadata(attempt, account, why))
    }

    func metadata(_ attempt: LoginAttempt, _ account: UserAccount?, _ why: String?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["address": "\(LoggedText(attempt.address))"]
        if let account {
            metadata["user"] = "\(LoggedText(account.name))"
        } else if options.logsUnknownNames {
            metadata["user"] = "\(LoggedText(attempt.name))"
        }
        if let why { metadata["why"] = "\(why)" }
        return metadata
    }

    func unavailable(_ error: UserDatabaseError) -> AccountsAnswer {
        // The worker's log needs the kind of trouble; names and hashes stay here.
        unavailable(error.description)
    }

    func unavailable(_ why: String) -> AccountsAnswer {
        logger.error("login not possible", metadata: ["why": "\(LoggedText(why.utf8, limit: 300))"])
        return .unavailable(why)
    }
}
