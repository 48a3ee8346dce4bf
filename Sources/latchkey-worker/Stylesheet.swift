import Web

/// The one style of all pages; no page needs a script.
enum Stylesheet {
    static let path = "/latchkey.css"

    static var response: Response {
        var response = Response(body: Array(text.utf8))
        response.headers.append(.contentType, "text/css; charset=utf-8")
        response.headers.append(.cacheControl, "public, max-age=86400")
        return response
    }

    private static let text = """
        :root { --ink: #1b1f24; --quiet: #57606a; --paper: #f6f7f9; --card: #ffffff; --edge: #d8dee4; --line: #6e7781; --accent: #0b57d0;
          --on-accent: #ffffff; --bad: #a40e26; --bad-paper: #fff0f1; --good: #0a5c2b; color-scheme: light dark; }
        @media (prefers-color-scheme: dark) { :root:not(.light) { --ink: #e6edf3; --quiet: #9aa4af; --paper: #0d1117; --card: #161b22; --edge: #30363d;
          --line: #6e7681; --accent: #79b0ff; --on-accent: #0d1117; --bad: #ff9aa6; --bad-paper: #2d1216; --good: #7ee2a0; } }
        :root.dark { --ink: #e6edf3; --quiet: #9aa4af; --paper: #0d1117; --card: #161b22; --edge: #30363d; --line: #6e7681; --accent: #79b0ff;
          --on-accent: #0d1117; --bad: #ff9aa6; --bad-paper: #2d1216; --good: #7ee2a0; color-scheme: dark; }
        :root.light { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        header { padding: 1rem 1.5rem; }
        header a { color: var(--ink); font-weight: 600; text-decoration: none; }
        main { max-width: 28rem; width: calc(100% - 2rem); margin: 6vh auto 2rem; border: 1px solid var(--edge); padding: 2rem; background: var(--card); border-radius: .75rem;
          box-shadow: 0 1px 3px rgba(0, 0, 0, .18); }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
        p { margin: 0 0 1rem; overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem; }
        dt { color: var(--quiet); }
        dd { margin: 0; overflow-wrap: anywhere; }
        label { display: block; margin: 0 0 1rem; font-weight: 600; }
        input { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; border: 1px solid var(--line);
          border-radius: .375rem; background: var(--paper); color: var(--ink); font: inherit; font-weight: 400; }
        button, .button { display: block; width: 100%; padding: .625rem 1rem; border: 1px solid var(--accent); border-radius: .375rem;
          background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center;
          text-decoration: none; cursor: pointer; }
        .secondary { background: transparent; color: var(--accent); }
        form + .button, .button + form, .button + .button { margin-top: .75rem; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .bad { padding: .625rem .75rem; border-left: 4px solid var(--bad); background: var(--bad-paper); color: var(--bad); }
        .good { color: var(--good); }
        .quiet { color: var(--quiet); }

        """
}
