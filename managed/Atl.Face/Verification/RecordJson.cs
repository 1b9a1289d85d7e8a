using System.Text.Encodings.Web;
using System.Text.Json;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>Records as JSON files: indented, names in snake case.</summary>
internal static class RecordJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes one; the file has its name when it is whole.</summary>
    public static void Write<T>(string path, T record) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, record, Options));

    /// <summary>Reads one.</summary>
    /// <exception cref="AtlException">The file is missing, or no such JSON.</exception>
    public static T Read<T>(string path, string expected)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(path) ? $"{path}: cannot be read: {e.Message}" : $"{path}: no such file, expected {expected}", e);
        }
        catch (JsonException e)
        {
            throw new AtlException($"{path}: {e.Message}; expected {expected}", e);
        }
    }
}
