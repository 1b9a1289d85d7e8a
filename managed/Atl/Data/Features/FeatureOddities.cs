namespace Atl.Data;

/// <summary>
/// Oddities of features, row by row: NaN or infinity, rows of zeros or of one other value, and rows that are all equal.
/// Their usual cause is weights of another net.
/// </summary>
internal sealed class FeatureOddities
{
    private const string Advice = "check that the weights belong to the net and that the input is right";

    private readonly List<string> _notFinite = [], _zero = [], _uniform = [];
    private float[] _first = [];
    private int _rows;
    private bool _equal = true;

    /// <summary>The rows that hold NaN or infinity.</summary>
    public IReadOnlyList<string> NotFinite => _notFinite;

    /// <summary>The rows whose values are all 0.</summary>
    public IReadOnlyList<string> Zero => _zero;

    /// <summary>The rows whose values are all one other number.</summary>
    public IReadOnlyList<string> Uniform => _uniform;

    /// <summary>Whether there are two rows or more, and all hold the same.</summary>
    public bool AllEqual => _equal && _rows > 1;

    /// <summary>
    /// Looks at the next row. A row of one value, such as a label, is asked for NaN and infinity alone.
    /// </summary>
    /// <param name="row">The values.</param>
    /// <param name="name">What messages call the row.</param>
    public void Add(ReadOnlySpan<float> row, string name)
    {
        if (_rows++ == 0) _first = row.ToArray();
        if (row.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            _notFinite.Add(name);
            _equal = false;
            return;
        }
        if (row.Length < 2)
        {
            _equal = false;
            return;
        }
        if (!row.ContainsAnyExcept(row[0])) (row[0] == 0 ? _zero : _uniform).Add(name);
        _equal = _equal && row.SequenceEqual(_first);
    }

    /// <summary>A line for each kind of oddity that was found.</summary>
    /// <param name="what">What a row belongs to, such as an image.</param>
    public IEnumerable<string> Lines(string what)
    {
        if (_notFinite.Count > 0)
            yield return $"features of {Count(_notFinite, what)} hold NaN or infinity, the first of '{_notFinite[0]}'";
        if (_zero.Count > 0)
            yield return $"features of {Count(_zero, what)} are all zeros, the first of '{_zero[0]}'; {Advice}";
        if (_uniform.Count > 0)
            yield return $"features of {Count(_uniform, what)} hold one value over and over, the first of '{_uniform[0]}'; {Advice}";
        if (AllEqual && _zero.Count == 0) yield return $"the features of all {_rows} {what}s are equal; {Advice}";
    }

    private string Count(List<string> odd, string what)
    {
        string number = odd.Count == _rows && _rows > 1 ? $"all {odd.Count}" : $"{odd.Count}";
        return $"{number} {what}{(odd.Count == 1 ? "" : "s")}";
    }
}
