using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atl.Proto;

namespace Atl.Face.Faces;

/// <summary>
/// JSON lines, one image a line:
/// <c>{"image":"photos/a.jpg","name":"a.jpg","width":640,"height":480,"faces":[{"box":[left,top,right,bottom],
/// "score":0.99,"points":[[x,y],[x,y],[x,y],[x,y],[x,y]]}]}</c>; for an image that could not be read <c>"error"</c> in
/// place of size and faces.
/// </summary>
internal static class JsonFaceFormat
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One image as a line without its end.</summary>
    public static string Print(ImageFaces found)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("image", found.Image.Path);
            json.WriteString("name", found.Image.Name);
            if (found.Error is { } error)
                json.WriteString("error", error);
            else
                PrintFaces(json, found);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The text.</param>
    /// <param name="place">File and line, for messages.</param>
    /// <exception cref="AtlException">The line is no such object.</exception>
    public static ImageFaces Parse(string line, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            string image = Member(root, "image").GetString() ?? throw new FormatException("the image is null");
            string name = root.TryGetProperty("name", out JsonElement named) ? named.GetString() ?? image : image;
            ImageFiles.CheckName(image, place);
            ImageFiles.CheckName(name, place);
            if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
                return new ImageFaces(new(image, name), 0, 0, [], error.GetString());
            DetectedFace[] faces = [.. Member(root, "faces").EnumerateArray().Select(ParseFace)];
            return new ImageFaces(new(image, name), Extent(root, "width"), Extent(root, "height"), faces);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new AtlException($"{place}: {e.Message.TrimEnd('.')}; "
                + "expected {\"image\":…,\"faces\":[{\"box\":[4 numbers],\"score\":…,\"points\":[5 pairs]}]}", e);
        }
    }

    private static void PrintFaces(Utf8JsonWriter json, ImageFaces found)
    {
        json.WriteNumber("width", found.Width);
        json.WriteNumber("height", found.Height);
        json.WriteStartArray("faces");
        foreach (DetectedFace face in found.Faces)
        {
            json.WriteStartObject();
            json.WriteStartArray("box");
            foreach (float edge in (ReadOnlySpan<float>)[face.Box.Left, face.Box.Top, face.Box.Right, face.Box.Bottom])
                json.WriteNumberValue(edge);
            json.WriteEndArray();
            json.WriteNumber("score", face.Score);
            json.WriteStartArray("points");
            foreach (Vector2 point in face.Landmarks.Points)
            {
                json.WriteStartArray();
                json.WriteNumberValue(point.X);
                json.WriteNumberValue(point.Y);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static DetectedFace ParseFace(JsonElement face)
    {
        float[] coordinates = [.. Member(face, "points").EnumerateArray()
            .SelectMany(point => Numbers(point, 2, "a point"))];
        if (coordinates.Length != 2 * Landmarks.Count)
            throw new FormatException($"{coordinates.Length} numbers, expected {2 * Landmarks.Count}");
        Landmarks landmarks = Landmarks.FromNumbers(coordinates);
        FaceBox box = landmarks.Bounds;
        if (face.TryGetProperty("box", out JsonElement edges))
        {
            float[] numbers = Numbers(edges, 4, "a box");
            box = new FaceBox(numbers[0], numbers[1], numbers[2], numbers[3]);
        }
        return new DetectedFace(box, face.TryGetProperty("score", out JsonElement score) ? score.GetSingle()
            : 1, landmarks);
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) ? member
        : throw new FormatException($"\"{name}\" is missing");

    private static float[] Numbers(JsonElement array, int count, string what)
    {
        float[] numbers = [.. array.EnumerateArray().Select(number => number.GetSingle())];
        return numbers.Length == count ? numbers
            : throw new FormatException($"{what} of {numbers.Length} numbers, expected {count}");
    }

    private static int Extent(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value)
        ? (int)value.GetDouble() : 0;
}
