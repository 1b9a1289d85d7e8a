using System.Globalization;

namespace Atl.Face.Report;

/// <summary>An axis of a chart: where a value lies along it, and which values are labeled.</summary>
internal readonly struct ChartAxis
{
    private const int DecimalDecades = 3;
    private const int DecadesLabelled = 6;
    private const double Headroom = 0.02;

    // Beyond it the span of an axis, with its headroom, is no number any more.
    private const double Largest = double.MaxValue / 8;

    // Values that differ by less of their size are drawn as equal: labels between them could not be told apart.
    private const double Finest = 1e-12;

    private readonly double _min, _max;
    private readonly bool _log;

    private ChartAxis(double min, double max, bool log)
    {
        _min = min;
        _max = max;
        _log = log;
    }

    /// <summary>
    /// The axis over a range. A logarithmic one goes from decade to decade when <paramref name="grow"/> is set; a
    /// linear one then starts at zero if the values are not negative, and ends at a labeled value above them.
    /// </summary>
    public static ChartAxis Over((double Min, double Max) range, bool log, bool grow)
    {
        (double min, double max) = log ? (Math.Log10(range.Min), Math.Log10(range.Max))
            : (Math.Clamp(range.Min, -Largest, Largest), Math.Clamp(range.Max, -Largest, Largest));
        if (grow && log)
            (min, max) = (Math.Floor(min), Math.Ceiling(max));
        if (grow && !log && min > 0)
            min = 0;
        double size = Math.Max(1, Math.Max(Math.Abs(min), Math.Abs(max)));
        if (max - min < Finest * size)
            max = min + Math.Max(1, size / 1000);
        if (grow && !log)
        {
            // A little room, so that a constant is not drawn on the frame. The labels of the grown axis may stand
            // further apart: its end is one of them.
            max += Headroom * (max - min);
            for (int i = 0; i < 2; i++)
                max = Math.Ceiling((max / Step(max - min)) - 1e-9) * Step(max - min);
        }

        return new ChartAxis(min, max, log);
    }

    /// <summary>The position of a value: 0 at the start, 1 at the end; clamped to the axis.</summary>
    public double Share(double value) => Math.Clamp(((_log ? Math.Log10(value) : value) - _min) / (_max - _min), 0, 1);

    /// <summary>The labeled values; <paramref name="distance"/> apart on a linear axis, if given.</summary>
    public IEnumerable<(double Value, string Label)> Ticks(double? distance = null)
    {
        double step = _log ? Math.Max(1, Math.Ceiling((_max - _min) / DecadesLabelled)) : distance ?? Step(_max - _min);
        for (double at = Math.Ceiling((_min / step) - 1e-9) * step; at <= _max + (1e-9 * step); at += step)
        {
            double value = _log ? Math.Pow(10, at) : (Math.Abs(at) < 1e-9 * step ? 0 : at);
            yield return (value, _log && Math.Abs(at) > DecimalDecades ? "10" + Raised((int)Math.Round(at))
                : Label(value));
        }
    }

    /// <summary>Between the labeled decades of a logarithmic axis its 2, 3, … 9 times; none on a linear axis, or where
    /// decades are left out.</summary>
    public IEnumerable<double> MinorTicks()
    {
        if (!_log || _max - _min > DecadesLabelled)
            yield break;
        for (double decade = Math.Floor(_min); decade < _max; decade++)
        {
            for (int times = 2; times < 10; times++)
            {
                double at = decade + Math.Log10(times);
                if (at > _min && at < _max)
                    yield return Math.Pow(10, at);
            }
        }
    }

    // Long numbers would reach into what stands beside them: 120000 is 120k.
    private static string Label(double value) => Math.Abs(value) switch
    {
        >= 1e9 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        >= 1e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };

    // An exponent in raised figures: 10⁻⁴.
    private static string Raised(int exponent)
    {
        const string Figures = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        return string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(sign => sign == '-'
            ? '⁻' : Figures[sign - '0']));
    }

    /// <summary>About six steps of 1, 2 or 5 times a power of ten.</summary>
    private static double Step(double span)
    {
        double rough = span / 6, power = Math.Pow(10, Math.Floor(Math.Log10(rough))), lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
