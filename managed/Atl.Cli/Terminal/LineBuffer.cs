using System.Text;

namespace Atl.Cli.Terminal;

/// <summary>Writes many lines in few pieces, each of whole lines.</summary>
/// <param name="output">Where they go; the last ones when the buffer is disposed.</param>
internal sealed class LineBuffer(TextWriter output) : IDisposable
{
    // What pipes take at once.
    private const int Piece = 1 << 16;

    private readonly StringBuilder _text = new();

    /// <summary>Adds a line.</summary>
    /// <param name="line">The line, or its beginning.</param>
    /// <param name="end">Its end.</param>
    public void Add(string line, string end = "")
    {
        _text.Append(line).Append(end).Append(output.NewLine);
        if (_text.Length >= Piece) Flush();
    }

    /// <summary>Writes what has not been written.</summary>
    public void Dispose()
    {
        if (_text.Length > 0) Flush();
    }

    private void Flush()
    {
        output.Write(_text.ToString());
        _text.Clear();
    }
}
