import Foundation
import TestBench
import Testing

extension `in a browser` {
    @Suite struct `the look` {
        @Test(arguments: ["light", "dark"])
        func `every page is legible and fits a phone`(scheme: String) throws {
            let folder = try House.current.bench.folder
            try House.visitor { tab in
                let media = ["name": "prefers-color-scheme", "value": scheme]
                try tab.browser.develop("Emulation.setEmulatedMedia", ["features": [media]])
                func look(_ name: String) throws {
                    for width in [900, 320] {
                        try tab.browser.develop(
                            "Emulation.setDeviceMetricsOverride",
                            ["width": width, "height": 640, "deviceScaleFactor": 1, "mobile": false]
                        )
                        try tab.picture.write(to: URL(filePath: "\(folder)/\(name)-\(scheme)-\(width).png"))
                        let excess = try tab.run(Self.excess) as? Int
                        #expect(excess == 0, "\(name) does not scroll sideways at \(width)")
                    }
                    let faint = try tab.run(Self.faint) as? [String]
                    #expect(faint == [], "\(name)")
                    let brightness = try #require(try tab.run(Self.brightness) as? Int)
                    #expect(scheme == "dark" ? brightness < 150 : brightness > 600)
                }
                try tab.visit("/")
                try look("welcome")
                try tab.visit("/login")
                try look("sign-in")
                try tab.signIn("janeSmith", "wrong")
                try look("error")
                try tab.visit("/nowhere")
                try look("nowhere")
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                try look("dashboard")
                try tab.visit("/login")
                try look("signed-in")
                try tab.signOut()
                try look("signed-out")
                let clear: [String: String] = [:]
                try tab.browser.develop("Emulation.clearDeviceMetricsOverride", clear)
            }
        }

        /// By how many pixels the page is wider than the window.
        private static let excess =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"

        /// The sum of red, green and blue of the page's ground.
        private static let brightness =
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"

        /// The elements whose text has a contrast below 4.5 : 1 (WCAG 2.2, 1.4.3), with it.
        private static let faint = """
            const luminance = rgb => rgb.map(v => v / 255)
              .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const numbers = text => text.match(/[\\d.]+/g).map(Number);
            const ground = element => {
              for (let e = element; e; e = e.parentElement) {
                const c = numbers(getComputedStyle(e).backgroundColor);
                if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
              }
              return [255, 255, 255];
            };
            const faint = [];
            for (const e of document.querySelectorAll('body *')) {
              const hasText = e.matches('input:not([type=hidden])')
                || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
              if (!hasText) continue;
              const [a, b] = [numbers(getComputedStyle(e).color).slice(0, 3), ground(e)].map(luminance);
              const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (contrast < 4.5) faint.push(`${e.tagName} ${contrast.toFixed(2)}`);
            }
            return faint;
            """
    }
}
