/// What a visitor does on the pages.
extension Tab {
    /// Fills in the form that is shown, and presses its button.
    func signIn(_ name: String = "johnDoe", _ password: String = "password123") throws {
        try self["input[name=username]"].type(name)
        try self["input[name=password]"].type(password)
        try self["main form button"].press()
    }

    /// Presses the button that signs out.
    func signOut() throws { try self["form[action='/logout'] button"].press() }

    /// Whether the form for signing in is shown, ready to be filled in.
    var showsForm: Bool {
        get throws { try has("form[action='/login'] input[name=username]") && has("input[type=password]") }
    }
}
