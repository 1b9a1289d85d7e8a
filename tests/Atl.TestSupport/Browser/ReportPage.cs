using System.Net;
using System.Text.Json;

namespace Atl.TestSupport;

/// <summary>
/// Looks at a page of atl report in a browser: it loads nothing, says nothing in the console, and can be read wide and
/// narrow, light and dark.
/// </summary>
public static class ReportPage
{
    private const int Wide = 1280, Narrow = 500, Height = 3000;

    // The first colour of charts, and that of the page, in light.
    private static readonly (byte, byte, byte) Line = (0x25, 0x63, 0xeb), Ground = (0xf6, 0xf7, 0xf9);

    // Lists in the element probe what is wrong with the layout. It is put into copies of the page, whose policy allows
    // no script.
    private const string Probe = """
        <script>
        const wrong = [], shown = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0; };
        if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is ' + document.documentElement.scrollWidth + ' wide');
        for (const i of document.images) if (!i.complete || i.naturalWidth === 0) wrong.push('no picture: ' + i.alt);
        for (const s of document.querySelectorAll('svg[role=img]')) {
          if (!shown(s)) continue;
          const frame = s.getBoundingClientRect(), name = s.getAttribute('aria-label'), texts = [...s.querySelectorAll('text')];
          for (const [i, t] of texts.entries()) {
            const a = t.getBoundingClientRect();
            const inside = a.left > frame.left - 1 && a.right < frame.right + 1 && a.top > frame.top - 1 && a.bottom < frame.bottom + 1;
            if (!inside) wrong.push(name + ': cut off: ' + t.textContent);
            const size = parseFloat(getComputedStyle(t).fontSize) * frame.width / s.viewBox.baseVal.width;
            if (size < 10) wrong.push(name + ': letters of ' + size.toFixed(1) + ' pixels');
            for (const o of texts.slice(i + 1)) {
              const b = o.getBoundingClientRect();
              const meet = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
              if (meet) wrong.push(name + ': ' + t.textContent + ' on ' + o.textContent);
            }
          }
        }
        const numbers = c => c.match(/[\d.]+/g).map(Number);
        const linear = v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
        const light = c => { const [r, g, b] = numbers(c).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const ground = e => {
          for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (numbers(c)[3] !== 0) return c; }
          return 'rgb(255,255,255)';
        };
        for (const e of document.querySelectorAll('main *')) {
          if (!shown(e) || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
          const style = getComputedStyle(e), a = light(e.tagName === 'text' ? style.fill : style.color), b = light(ground(e));
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) wrong.push('contrast ' + contrast.toFixed(1) + ': ' + e.textContent.slice(0, 40));
        }
        const probe = document.createElement('pre'); probe.id = 'probe'; probe.textContent = JSON.stringify(wrong); document.body.append(probe);
        </script>
        """;

    /// <summary>Opens the page, and asserts that it holds these words.</summary>
    public static void Check(string page, params string[] words)
    {
        BrowserView view = Chromium.Open(page, Wide, Height);
        Assert.Multiple(() =>
        {
            Assert.That(view.Console, Is.Empty, "nothing in the console");
            Assert.That(view.Addresses, Is.Empty, "nothing is loaded");
            Assert.That(words.Where(word => !view.Text.Contains(word, StringComparison.Ordinal)), Is.Empty,
                "the page says it");
            (double mean, double deviation) = view.Brightness();
            Assert.That(mean, Is.GreaterThan(180), "the page is light");
            Assert.That(deviation, Is.GreaterThan(5), "the page is not blank");
            Assert.That(view.Count(Line.Item1, Line.Item2, Line.Item3), Is.GreaterThan(200), "lines are drawn");
            Assert.That(view.Count(Ground.Item1, Ground.Item2, Ground.Item3), Is.GreaterThan(Wide * 10),
                "the style is taken");
        });
        using TemporaryFolder folder = new();
        string html = File.ReadAllText(page), probed = folder["probed.html"];
        string opened = WithoutPolicy(html).Replace("<details>", "<details open=\"open\">", StringComparison.Ordinal);
        File.WriteAllText(probed, opened.Replace("</body>", Probe + "</body>", StringComparison.Ordinal));
        BrowserView wide = Chromium.Open(probed, Wide, Height),
            narrow = Chromium.Open(probed, Narrow, Height, dark: true);
        Assert.Multiple(() =>
        {
            Assert.That(Found(wide), Is.Empty, "wide and light");
            Assert.That(Found(narrow), Is.Empty, "narrow and dark");
            Assert.That(narrow.Brightness().Mean, Is.LessThan(90), "the page is dark");
        });
    }

    /// <summary>Asserts that a browser keeps the page from loading what is put into it: the silence of
    /// <see cref="Check"/> means something.</summary>
    public static void CheckThatNothingCanBeLoaded(string page)
    {
        using TemporaryFolder folder = new();
        string html = File.ReadAllText(page);
        const string Loading = "<img src=\"http://example.invalid/x.png\" alt=\"\"/><script>1</script>";
        File.WriteAllText(folder["loading.html"],
            html.Replace("</body>", Loading + "</body>", StringComparison.Ordinal));
        BrowserView view = Chromium.Open(folder["loading.html"], Narrow, Narrow);
        Assert.That(view.Console, Has.Count.EqualTo(2).And.All.Contain("Content Security Policy"));
        Assert.That(view.Addresses, Is.EqualTo(["http://example.invalid/x.png"]));
    }

    private static string WithoutPolicy(string html)
    {
        int start = html.IndexOf("<meta http-equiv=\"Content-Security-Policy\"", StringComparison.Ordinal);
        Assert.That(start, Is.Positive, "the page has a policy");
        return html.Remove(start, html.IndexOf('>', start) + 1 - start);
    }

    private static string[] Found(BrowserView view)
    {
        const string Start = "<pre id=\"probe\">";
        int start = view.Dom.IndexOf(Start, StringComparison.Ordinal);
        Assert.That(start, Is.Positive, $"the probe ran: {string.Join('\n', view.Console)}");
        string text = view.Dom[(start + Start.Length)..view.Dom.IndexOf("</pre>", start, StringComparison.Ordinal)];
        return JsonSerializer.Deserialize<string[]>(WebUtility.HtmlDecode(text))!;
    }
}
