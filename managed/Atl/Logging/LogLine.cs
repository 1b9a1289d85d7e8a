using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Atl.Logging;

/// <summary>
/// The text of a log line, which the compiler makes of an interpolated string. Where the logger does not want the line,
/// nothing is formatted, no hole of the string is evaluated, and nothing is allocated. Numbers are written in the
/// invariant culture.
/// </summary>
/// <typeparam name="TSeverity">How much the line matters (<see cref="LogSeverity"/>).</typeparam>
[InterpolatedStringHandler]
internal ref struct LogLine<TSeverity>
    where TSeverity : struct, ILogSeverity
{
    private readonly bool _isWanted;
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Begins the text, where the logger wants it.</summary>
    /// <param name="literalLength">The characters outside of holes.</param>
    /// <param name="formattedCount">The holes.</param>
    /// <param name="logger">The logger that is asked.</param>
    /// <param name="isWanted">Whether the rest of the string is evaluated.</param>
    public LogLine(int literalLength, int formattedCount, ILogger logger, out bool isWanted)
    {
        _isWanted = isWanted = LogLines.IsWanted<TSeverity>(logger);
        if (isWanted)
            _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    /// <summary>Appends characters outside of holes.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Appends a hole's value.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Appends a hole's value in a format.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Appends a hole's value in a column.</summary>
    public void AppendFormatted<T>(T value, int alignment) => _text.AppendFormatted(value, alignment);

    /// <summary>Appends a hole's value in a column and a format.</summary>
    public void AppendFormatted<T>(T value, int alignment, string? format) =>
        _text.AppendFormatted(value, alignment, format);

    /// <summary>The whole text; null where it is not wanted.</summary>
    internal string? Take() => _isWanted ? _text.ToStringAndClear() : null;
}
