/// The sentences of the pages, which are part of the contract; written out here, apart from the code under test.
enum Sentence {
    static let welcome = "Welcome! Session demo is working."
    static let rejected = "Invalid username or password."
    static let denied = "Access denied. Please log in first."
    static let loggedOut = "You have been logged out."
    static let noSession = "No active session found."
    static let logoutFailed = "Error logging out"
    static func hello(_ name: String) -> String { "Hello, \(name). You have been logged in." }
    static func welcomeBack(_ name: String) -> String { "Welcome back, \(name)" }
}
