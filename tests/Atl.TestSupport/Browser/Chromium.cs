using System.Diagnostics;

namespace Atl.TestSupport;

/// <summary>Opens pages in a headless Chromium (Debian's package chromium, or Chrome).</summary>
public static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Opens a page; skips the running test on a machine without a browser.</summary>
    /// <param name="page">The page's file.</param>
    /// <param name="width">The window's width in pixels, from 500 on.</param>
    /// <param name="height">The window's height: how much of the page the image shows.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    public static BrowserView Open(string page, int width, int height, bool dark = false)
    {
        if (Program is null)
            Assert.Ignore("no Chromium on this machine (Debian's package chromium), so pages are not opened in a "
                + "browser");
        using TemporaryFolder folder = new();
        string picture = folder["picture.png"];
        ProcessStartInfo start = new(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            // As root there is no sandbox.
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", $"--user-data-dir={folder["profile"]}",
            "--enable-logging=stderr",
            $"--window-size={width},{height}", $"--screenshot={picture}", "--dump-dom",
            new Uri(Path.GetFullPath(page)).AbsoluteUri,
        ];
        foreach (string argument in dark ? arguments.Prepend("--force-dark-mode") : arguments)
            start.ArgumentList.Add(argument);
        using Process browser = Process.Start(start)!;
        Task<string> dom = browser.StandardOutput.ReadToEndAsync(), log = browser.StandardError.ReadToEndAsync();
        if (!browser.WaitForExit(Limit))
        {
            browser.Kill(true);
            Assert.Fail($"the browser did not end within {Limit}");
        }
        Assert.That(File.Exists(picture), $"the browser draws the page:\n{log.Result}");
        string[] console =
            [.. log.Result.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))];
        return new BrowserView(dom.Result, console, File.ReadAllBytes(picture));
    }
}
