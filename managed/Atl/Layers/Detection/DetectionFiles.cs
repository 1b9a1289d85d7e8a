using System.Globalization;
using System.Text;
using System.Text.Json;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Layers;

/// <summary>
/// The files of results that SSD's <c>save_output_param</c> asks for, written whenever <c>num_test_image</c> images are
/// through: VOC (a file for each class: image, score, corners in pixels), COCO (one JSON array) or ILSVRC (one file:
/// image, class, score, corners). What SSD deletes, the folder's other files, stays.
/// </summary>
internal sealed class DetectionFiles
{
    private const int RowLength = 7;

    private readonly SaveOutputParameter _given;
    private readonly Dictionary<int, string> _classes;
    private readonly List<(string Name, int Height, int Width)> _images;
    private readonly int _most;
    private readonly List<Found> _found = [];
    private int _next;

    private DetectionFiles(SaveOutputParameter given, Dictionary<int, string> classes,
        List<(string Name, int Height, int Width)> images)
    {
        (_given, _classes, _images) = (given, classes, images);
        _most = given.HasNumTestImage ? (int)Math.Min(given.NumTestImage, int.MaxValue) : images.Count;
    }

    /// <summary>Reads the names of classes and images and makes the folder; null where nothing is to be
    /// written.</summary>
    /// <exception cref="AtlException">A file cannot be read, or the settings do not fit.</exception>
    public static DetectionFiles? Open(SaveOutputParameter given, IEnumerable<int> classes, ILogger logger)
    {
        if (given.OutputDirectory.Length == 0) return null;
        if (given.LabelMapFile.Length == 0 || given.NameSizeFile.Length == 0)
        {
            logger.Warning("detection_files.cpp",
                $"no results are written to '{given.OutputDirectory}': save_output_param has no "
                + $"label_map_file or no name_size_file");
            return null;
        }
        if (given.OutputFormat is not ("VOC" or "COCO" or "ILSVRC"))
            throw new AtlException($"save_output_param.output_format must be VOC, COCO or ILSVRC, found "
                + $"'{given.OutputFormat}'");
        if (given.ResizeParam is { } resize && (resize.Height == 0 || resize.Width == 0))
            throw new AtlException($"save_output_param.resize_param needs a height and a width above 0, found "
                + $"{resize.Height} and {resize.Width}");
        DetectionFiles files = new(given, ReadClasses(given.LabelMapFile, classes), ReadImages(given.NameSizeFile));
        if (files._most < 1 || files._most > files._images.Count)
        {
            throw new AtlException(
                $"save_output_param.num_test_image must be 1 to {files._images.Count}, the images of "
                    + $"'{given.NameSizeFile}', found {files._most}");
        }
        OutputFolder.Make(given.OutputDirectory);
        return files;
    }

    /// <summary>Takes the rows (image, class, score, xmin, ymin, xmax, ymax) of a batch; writes where that completes
    /// the images.</summary>
    /// <exception cref="AtlException">A file cannot be written.</exception>
    public void Add(ReadOnlySpan<float> rows, int images)
    {
        for (int image = 0; image < images; image++)
        {
            (string name, int height, int width) = _images[_next];
            for (; rows.Length > 0 && (int)rows[0] == image; rows = rows[RowLength..])
            {
                (float left, float top, float right, float bottom) = InImage(rows[3], rows[4], rows[5], rows[6], height,
                    width);
                _found.Add(new Found(name, (int)rows[1], rows[2], Hundredths(left), Hundredths(top),
                    Hundredths(right - left), Hundredths(bottom - top)));
            }
            if (++_next < _most) continue;
            Write();
            _next = 0;
            _found.Clear();
        }
    }

    private static Dictionary<int, string> ReadClasses(string file, IEnumerable<int> wanted)
    {
        LabelMap map = TextFormat.Parse<LabelMap>(string.Join('\n',
            TextLines.Read(file, "a label map as text: item { name label display_name }")), file);
        Dictionary<int, string> names = [];
        foreach (LabelMapItem item in map.Item)
            if (!names.TryAdd(item.Label, item.Name))
                throw new AtlException($"{file}: label {item.Label} is there twice, '{names[item.Label]}' and "
                    + $"'{item.Name}'");
        foreach (int label in wanted)
            if (!names.ContainsKey(label)) throw new AtlException($"{file}: has no name for label {label}");
        return names;
    }

    private static List<(string Name, int Height, int Width)> ReadImages(string file)
    {
        List<(string Name, int Height, int Width)> images = [];
        string[] lines = TextLines.Read(file, "lines of an image's name, height and width");
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words.Length != 3 || !TryExtent(words[1], out int height) || !TryExtent(words[2], out int width))
                throw new AtlException($"{file}:{i + 1}: '{lines[i]}', expected an image's name, height and width");
            images.Add((words[0], height, width));
        }
        return images;

        static bool TryExtent(string word, out int extent) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out extent) && extent > 0;
    }

    // From parts of the net's input to pixels of the image, undoing how SSD brought the one to the other.
    private (float Left, float Top, float Right, float Bottom) InImage(float left, float top, float right, float bottom,
        int height, int width)
    {
        ResizeParameter? resize = _given.ResizeParam;
        if (resize is { ResizeMode: ResizeParameter.Types.Resize_mode.FitSmallSize, HeightScale: > 0, WidthScale: > 0 })
        {
            return (
                Math.Clamp(left * resize.WidthScale, 0, width), Math.Clamp(top * resize.HeightScale, 0, height),
                Math.Clamp(right * resize.WidthScale, 0, width), Math.Clamp(bottom * resize.HeightScale, 0, height));
        }
        if (resize is { ResizeMode: ResizeParameter.Types.Resize_mode.FitLargeSizeAndPad })
        {
            float aspect = (float)width / height, wanted = (float)resize.Width / resize.Height;
            float padX = aspect > wanted ? 0 : (1 - aspect / wanted) / 2, padY = aspect > wanted
                ? (1 - wanted / aspect) / 2 : 0;
            (left, right) = ((left - padX) / (1 - 2 * padX), (right - padX) / (1 - 2 * padX));
            (top, bottom) = ((top - padY) / (1 - 2 * padY), (bottom - padY) / (1 - 2 * padY));
        }
        return (Math.Clamp(left, 0, 1) * width, Math.Clamp(top, 0, 1) * height, Math.Clamp(right, 0, 1) * width,
            Math.Clamp(bottom, 0, 1) * height);
    }

    private static float Hundredths(float pixels) =>
        (float)(MathF.Round(pixels * 100, MidpointRounding.AwayFromZero) / 100.0);

    private void Write()
    {
        string prefix = Path.Combine(_given.OutputDirectory, _given.OutputNamePrefix);
        switch (_given.OutputFormat)
        {
            case "VOC":
                foreach ((int label, string name) in _classes)
                    WriteText($"{prefix}{name}.txt", _found.Where(found => found.Label == label)
                        .Select(found => $"{found.Image} {found.ScoreAndCorners()}"));
                break;
            case "ILSVRC":
                WriteText($"{prefix}.txt", _found.Select(found => string.Create(CultureInfo.InvariantCulture,
                    $"{found.Image} {found.Label} {found.ScoreAndCorners()}")));
                break;
            default:
                AtomicFile.Write($"{prefix}.json", WriteJson);
                break;
        }
    }

    private static void WriteText(string file, IEnumerable<string> lines) =>
        AtomicFile.Write(file,
            stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));

    private void WriteJson(Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (Found found in _found)
        {
            json.WriteStartObject();
            WriteNameOrNumber(json, "image_id", found.Image);
            WriteNameOrNumber(json, "category_id", _classes[found.Label]);
            json.WriteStartArray("bbox");
            foreach (float value in (float[])[found.Left, found.Top, found.Width, found.Height])
                json.WriteNumberValue(value);
            json.WriteEndArray();
            json.WriteNumber("score", found.Score);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // COCO's names are numbers, and its tools want them as such.
    private static void WriteNameOrNumber(Utf8JsonWriter json, string key, string name)
    {
        if (long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            json.WriteNumber(key, number);
        else
            json.WriteString(key, name);
    }

    private sealed record Found(string Image, int Label, float Score, float Left, float Top, float Width, float Height)
    {
        // Corners in whole pixels, cut off as in SSD.
        public string ScoreAndCorners() => string.Create(
            CultureInfo.InvariantCulture,
            $"{LogNumber.Format(Score)} {(int)Left} {(int)Top} {(int)Left + (int)Width} {(int)Top + (int)Height}");
    }
}
