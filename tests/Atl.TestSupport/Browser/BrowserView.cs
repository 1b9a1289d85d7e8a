using System.Net;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace Atl.TestSupport;

/// <summary>What a browser made of a page.</summary>
/// <param name="Dom">The page's elements once it was loaded, as HTML.</param>
/// <param name="Console">What stands in the browser's console: errors, and what the page was forbidden to load.</param>
/// <param name="Picture">The page as PNG.</param>
public sealed partial record BrowserView(string Dom, IReadOnlyList<string> Console, byte[] Picture)
{
    /// <summary>The page's words: its elements' text, without their names.</summary>
    public string Text =>
        WebUtility.HtmlDecode(TagRule()
            .Replace(Dom[Math.Max(0, Dom.IndexOf("<body", StringComparison.Ordinal))..], ""));

    /// <summary>What is asked for from outside of the page: addresses that are neither data nor places in it.</summary>
    public IReadOnlyList<string> Addresses =>
    [
        .. AddressRule().Matches(Dom).Select(match => match.Groups[1].Value)
            .Where(address => !address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith('#')),
    ];

    /// <summary>How many pixels of the image have a colour, give or take 2.</summary>
    public int Count(byte red, byte green, byte blue)
    {
        using Mat picture = Cv2.ImDecode(Picture, ImreadModes.Color), mask = new();
        Cv2.InRange(picture, new Scalar(blue - 2, green - 2, red - 2), new Scalar(blue + 2, green + 2, red + 2), mask);
        return Cv2.CountNonZero(mask);
    }

    /// <summary>How bright the image is in the mean, from 0 to 255, and by how much its pixels differ from that
    /// (standard deviation).</summary>
    public (double Mean, double Deviation) Brightness()
    {
        using Mat picture = Cv2.ImDecode(Picture, ImreadModes.Grayscale);
        Cv2.MeanStdDev(picture, out Scalar mean, out Scalar deviation);
        return (mean.Val0, deviation.Val0);
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex TagRule();

    [GeneratedRegex(@"\b(?:src|srcset|href|action|data)=""([^""]*)""")]
    private static partial Regex AddressRule();
}
