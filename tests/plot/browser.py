"""Headless Chromium for the tests of the report; a test is skipped, with the reason, where it is not there."""

import contextlib
import json
import shutil
import tempfile

import pytest

# no network, no first-run work, and a sandbox needs rights that a container has not
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
)


class Page:
    def __init__(self, driver):
        self.driver = driver

    def open(self, path, width=1280, height=900, dark=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        self.driver.get_log("browser")
        self.driver.get(path.resolve().as_uri())

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def errors(self):
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Addresses that were asked for since the last call, but for the page itself and what lies in it."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return [u for u in found if not u.startswith(("file:", "data:", "blob:", "chrome:", "chrome-"))]

    def overflow(self):
        """Elements that stick out of the page to the right, and are not in something that scrolls."""
        return self.run(
            """
            const wide = document.documentElement.clientWidth, found = [];
            for (const e of document.body.querySelectorAll("*")) {
              if (e.closest(".picture, pre, svg") || !e.getClientRects().length) continue;
              if (e.getBoundingClientRect().right > wide + 0.5) found.push(e.outerHTML.slice(0, 120));
            }
            if (document.documentElement.scrollWidth > wide) found.push("the page itself");
            return found;
            """
        )

    def screenshot(self, path):
        """The whole page."""
        import base64

        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"}
        )
        path.write_bytes(base64.b64decode(shot["data"]))


@contextlib.contextmanager
def browser(downloads):
    """A Page, or a skip."""
    selenium = pytest.importorskip("selenium.webdriver", reason="python3-selenium is not installed")
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service

    binary, driver_path = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver_path:
        pytest.skip("chromium and chromium-driver are not installed")
    with tempfile.TemporaryDirectory() as profile:
        options = selenium.ChromeOptions()
        options.binary_location = binary
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        try:
            driver = selenium.Chrome(service=Service(driver_path), options=options)
        except WebDriverException as error:
            pytest.skip(f"chromium does not start here: {str(error).splitlines()[0]}")
        try:
            yield Page(driver)
        finally:
            driver.quit()
