using System.Globalization;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// R-CNN's list of images and windows. An image is written as <c># INDEX</c>, its path, channels, height, width, the
/// number of its windows, and as many lines <c>class overlap x1 y1 x2 y2</c>, with corners that belong to the window.
/// </summary>
internal sealed class WindowFile
{
    private readonly string _file;
    private readonly string[] _words;
    private readonly int[] _lines;
    private int _next;

    /// <summary>Reads the file and sorts its windows into objects (overlap from the first threshold on) and background
    /// (below the second).</summary>
    /// <exception cref="AtlException">The file cannot be read or is not as described; the message names the
    /// line.</exception>
    public WindowFile(string file, float foregroundThreshold, float backgroundThreshold)
    {
        _file = file;
        (string Word, int Line)[] words = [.. Words(file)];
        (_words, _lines) = ([.. words.Select(word => word.Word)], [.. words.Select(word => word.Line)]);
        while (_next < _words.Length) ReadImage(foregroundThreshold, backgroundThreshold);
        if (Images.Count == 0) throw new AtlException($"{file}: the file names no images, expected some");
    }

    /// <summary>The images' paths.</summary>
    public List<string> Images { get; } = [];

    /// <summary>The channels that the images are said to have.</summary>
    public int Channels { get; private set; }

    /// <summary>The windows of objects.</summary>
    public List<Window> Foreground { get; } = [];

    /// <summary>The windows of background, of class 0.</summary>
    public List<Window> Background { get; } = [];

    private static IEnumerable<(string Word, int Line)> Words(string file)
    {
        string[] lines = TextLines.Read(file, "a list of images and windows");
        for (int i = 0; i < lines.Length; i++)
            foreach (string word in lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                yield return (word, i + 1);
    }

    private void ReadImage(float foregroundThreshold, float backgroundThreshold)
    {
        string mark = Next("'#' and an image's number");
        if (mark != "#") throw Wrong(mark, "'#' before an image's number");
        Integer("the image's number");
        Images.Add(Next("the image's path"));
        int channels = Integer("the number of channels"), height = Integer("the image's height"),
            width = Integer("the image's width");
        if (channels != 3) throw Wrong(_words[_next - 3], "3 channels, as images are read in color");
        Channels = channels;
        int windows = Integer("the number of windows");
        for (int i = 0; i < windows; i++)
        {
            int label = Integer("a window's class");
            float overlap = Number("a window's overlap");
            int line = _lines[_next - 1];
            Window window = new(Images.Count - 1, label, Integer("x1"), Integer("y1"), Integer("x2"), Integer("y2"),
                line);
            if (window.X1 < 0 || window.Y1 < 0 || window.X2 < window.X1 || window.Y2 < window.Y1 || window.X2 >= width
                || window.Y2 >= height)
                throw new AtlException($"{_file}:{line}: a window from ({window.X1}, {window.Y1}) to "
                    + $"({window.X2}, {window.Y2}), "
                    + $"expected one within the image of {width} x {height}");
            if (overlap >= foregroundThreshold)
            {
                if (label <= 0)
                    throw new AtlException($"{_file}:{line}: a window with overlap {overlap} of class {label}, "
                        + "expected an object's class, 1 or more");
                Foreground.Add(window);
            }
            else if (overlap < backgroundThreshold)
            {
                Background.Add(window with { Label = 0 });
            }
        }
    }

    private string Next(string expected) => _next < _words.Length
        ? _words[_next++]
        : throw new AtlException($"{_file}: the file ends, expected {expected}");

    private int Integer(string expected)
    {
        string word = Next(expected);
        return int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value : throw Wrong(word, expected);
    }

    private float Number(string expected)
    {
        string word = Next(expected);
        return float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            ? value : throw Wrong(word, expected);
    }

    private AtlException Wrong(string word, string expected) =>
        new($"{_file}:{_lines[_next - 1]}: found '{word}', expected {expected}");

    /// <summary>A window of an image; its corners belong to it.</summary>
    /// <param name="Image">The image's place in <see cref="Images"/>.</param>
    /// <param name="Label">The class; 0 is background.</param>
    /// <param name="X1">The left column.</param>
    /// <param name="Y1">The top row.</param>
    /// <param name="X2">The right column.</param>
    /// <param name="Y2">The bottom row.</param>
    /// <param name="Line">Where it stands in the file.</param>
    public sealed record Window(int Image, int Label, int X1, int Y1, int X2, int Y2, int Line);
}
