/// A `location` of the suite's nginx: one set of session options, and one lab behind it.
enum Location: String, CaseIterable {
    case plain, named, quiet, rolling, rollingQuiet, saving, noResave, quietNoResave, unsetKeep, unsetDestroy
    case files, filesQuiet, filesSaving, filesUnsetKeep, filesUnsetDestroy, filesRolling, filesRollingQuiet
    case filesNoResave, filesSlow
    case noSecret, apple, percent, url, binarySecret, twoSecrets, firstSecret, secondSecret
    case broken, brokenQuiet
    case secureProxied, secureUnproxied, secureUnproxiedScheme, secureUnset, secureUnsetScheme
    case secureTLS, securePlain
    case below, mounted, function, functionOfPath
    case autoProxied, autoUnproxied, autoScheme, autoPlain
    case siteScheme, sitePlain, siteProxied, siteUnproxied
    case bothScheme, bothPlain, offScheme, offPlain, onScheme, onPlain
    case minute, moment, twoSeconds, long, rollingMinute, dressed, changed
    case partitioned, unpartitioned

    /// What makes a location.
    struct Settings {
        var options = ""
        var lab = Lab.memory
        /// What nginx says in `REQUEST_SCHEME`; Express's own `req.secure` in these cases.
        var scheme = "$scheme"
        /// Whether nginx says `HTTPS=on`.
        var isTLS = false
        /// More lines.
        var lines = ""
    }

    var settings: Settings {
        switch self {
        case .plain, .rolling, .rollingQuiet, .quiet, .saving, .noResave, .quietNoResave: deciding
        case .files, .filesQuiet, .filesSaving, .filesRolling, .filesRollingQuiet, .filesNoResave, .filesSlow,
            .filesUnsetKeep, .filesUnsetDestroy:
            inFiles
        case .noSecret, .apple, .percent, .url, .binarySecret, .twoSecrets, .firstSecret, .secondSecret,
            .broken, .brokenQuiet:
            ofOtherLabs
        case .below, .mounted, .function, .functionOfPath: byPath
        case .named: Settings(options: "name=session.of.mine")
        case .unsetKeep: Settings(options: "unset=keep")
        case .unsetDestroy: Settings(options: "unset=destroy")
        case .minute: Settings(options: "max-age=60s")
        case .moment: Settings(options: "max-age=5ms")
        case .twoSeconds: Settings(options: "max-age=2000ms")
        case .long: Settings(options: "max-age=3000000000ms")
        case .rollingMinute: Settings(options: "rolling=on; max-age=60s")
        case .dressed:
            Settings(options: "path=/dressed/admin; secure=on; max-age=100s; priority=high; http-only=on")
        case .changed: Settings(options: "http-only=on; secure=off")
        case .partitioned: Settings(options: "partitioned=on")
        case .unpartitioned: Settings(options: "partitioned=off")
        default: ofConnection
        }
    }

    private var deciding: Settings {
        switch self {
        case .rolling: Settings(options: "rolling=on")
        case .rollingQuiet: Settings(options: "rolling=on; save-uninitialized=off")
        case .quiet: Settings(options: "save-uninitialized=off")
        case .saving: Settings(options: "save-uninitialized=on")
        case .noResave: Settings(options: "resave=off")
        case .quietNoResave: Settings(options: "resave=off; save-uninitialized=off")
        default: Settings()
        }
    }

    private var inFiles: Settings {
        switch self {
        case .filesQuiet: Settings(options: "save-uninitialized=off", lab: .files)
        case .filesSaving: Settings(options: "save-uninitialized=on; rolling=off", lab: .files)
        case .filesUnsetKeep: Settings(options: "unset=keep", lab: .files)
        case .filesUnsetDestroy: Settings(options: "unset=destroy", lab: .files)
        case .filesRolling: Settings(options: "rolling=on", lab: .files)
        case .filesRollingQuiet: Settings(options: "rolling=on; save-uninitialized=off", lab: .files)
        case .filesNoResave: Settings(options: "resave=off", lab: .files)
        case .filesSlow: Settings(options: "lock=10s", lab: .files)
        default: Settings(lab: .files)
        }
    }

    private var ofOtherLabs: Settings {
        switch self {
        case .noSecret: Settings(lab: .noSecret)
        case .apple: Settings(lab: .apple)
        case .percent: Settings(lab: .percent)
        case .url: Settings(lab: .url)
        case .binarySecret: Settings(lab: .binarySecret)
        case .twoSecrets: Settings(lab: .twoSecrets)
        case .firstSecret: Settings(lab: .firstSecret)
        case .secondSecret: Settings(lab: .secondSecret)
        case .brokenQuiet: Settings(options: "save-uninitialized=off", lab: .broken)
        default: Settings(lab: .broken)
        }
    }

    private var byPath: Settings {
        switch self {
        case .below: Settings(options: "path=/below/foo/bar")
        case .mounted:
            Settings(options: "path=/mounted/bar", lines: "rewrite ^/mounted/(.*)$ /$1 break;")
        case .function:
            Settings(options: "path=$arg_path; http-only=$arg_http_only; secure=$arg_secure", isTLS: true)
        default: Settings(options: "path=$uri")
        }
    }

    private var ofConnection: Settings {
        switch self {
        case .secureProxied: Settings(options: "secure=on; proxy=on; max-age=5s")
        case .secureUnproxied: Settings(options: "secure=on; proxy=off")
        case .secureUnproxiedScheme: Settings(options: "secure=on; proxy=off", scheme: "https")
        case .secureUnset: Settings(options: "secure=on; proxy=unset")
        case .secureUnsetScheme: Settings(options: "secure=on; proxy=unset", scheme: "https")
        case .secureTLS: Settings(options: "secure=on", isTLS: true)
        case .securePlain: Settings(options: "secure=on")
        case .autoProxied: Settings(options: "secure=auto; proxy=on")
        case .autoUnproxied: Settings(options: "secure=auto; proxy=off")
        case .autoScheme: Settings(options: "secure=auto", scheme: "https")
        case .autoPlain: Settings(options: "secure=auto")
        case .siteScheme: Settings(options: "same-site=auto", scheme: "https")
        case .sitePlain: Settings(options: "same-site=auto")
        case .siteProxied: Settings(options: "same-site=auto; proxy=on")
        case .siteUnproxied: Settings(options: "same-site=auto; proxy=off")
        case .bothScheme: Settings(options: "same-site=auto; secure=auto", scheme: "https")
        case .bothPlain: Settings(options: "same-site=auto; secure=auto")
        case .offScheme: Settings(options: "same-site=auto; secure=off", scheme: "https")
        case .offPlain: Settings(options: "same-site=auto; secure=off")
        case .onScheme: Settings(options: "same-site=auto; secure=on", scheme: "https")
        default: Settings(options: "same-site=auto; secure=on")
        }
    }

    /// Where its requests begin.
    var prefix: String { self == .url ? "/foo" : "/\(rawValue)/" }

    /// The lines of the nginx file.
    func text() -> String {
        let settings = settings
        return """
            location \(prefix) {
                \(settings.lines)
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_param REQUEST_URI $request_uri;
                fastcgi_param REQUEST_SCHEME \(settings.scheme);
                \(settings.isTLS ? "fastcgi_param HTTPS on;" : "")
                fastcgi_param CONTENT_LENGTH $content_length;
                fastcgi_param LATCHKEY_OPTIONS "profile=express; \(settings.options)";
                fastcgi_pass \(settings.lab.rawValue);
                fastcgi_keep_conn on;
                fastcgi_read_timeout 20s;
            }
            """
    }
}
