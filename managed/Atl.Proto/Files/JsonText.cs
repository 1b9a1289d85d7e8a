using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atl.Proto;

/// <summary>
/// Records as JSON, as commands print and write them: indented, names and enumerations in snake case as in the
/// prototxt; NaN and infinity are strings.
/// </summary>
[RequiresUnreferencedCode(Reflection)]
[RequiresDynamicCode(Reflection)]
internal static class JsonText
{
    private const string Reflection = "A record's properties are found by reflection.";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The text of a record.</summary>
    public static string Of<T>(T record) => JsonSerializer.Serialize(record, Options);

    /// <summary>Writes a file, which has its name when it is whole.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public static void Write<T>(string path, T record) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, record, Options));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, for messages.</param>
    /// <exception cref="AtlException">The file is missing, or no such JSON.</exception>
    public static T Read<T>(string path, string expected)
    {
        try
        {
            return UserFile.Guarded(path, expected, () =>
            {
                using Stream stream = UserFile.Open(path, expected);
                return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new JsonException("null");
            });
        }
        catch (JsonException e)
        {
            throw new AtlException($"{path}: {JsonProblem.Of(e)}; expected {expected}", e);
        }
    }
}
