using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Tests.Layers;

/// <summary>
/// The margin inner product in double precision, straight from the published formulas: every matrix written out,
/// nothing shared with the engine. What the layer computes is held against this.
/// </summary>
internal sealed class NaiveMargin
{
    private readonly int _m, _n, _k;
    private readonly double[] _x;
    private readonly int[] _label;

    public NaiveMargin(int m, int n, int k, double[] x, int[] label, double[] w, MarginType type, double lambda)
    {
        (_m, _n, _k, _x, _label, Type, Lambda) = (m, n, k, x, label, type, lambda);
        W = NormalizedRows(w);
        Norms = new double[m];
        Plain = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int t = 0; t < k; t++) Norms[i] += x[i * k + t] * x[i * k + t];
            Norms[i] = Math.Sqrt(Norms[i]);
            for (int j = 0; j < n; j++)
                for (int t = 0; t < k; t++)
                    Plain[i * n + j] += x[i * k + t] * W[j * k + t];
        }
        Logits = (double[])Plain.Clone();
        for (int i = 0; i < m; i++) Logits[i * n + label[i]] = LabelLogit(i);
    }

    public MarginType Type { get; }

    public double Lambda { get; }

    /// <summary>W with rows of unit length; zero rows stay.</summary>
    public double[] W { get; }

    public double[] Norms { get; }

    /// <summary>x·w.</summary>
    public double[] Plain { get; }

    /// <summary>x·w, with the margin at the label.</summary>
    public double[] Logits { get; }

    public double Cosine(int i) => Degenerate(i) ? 1 : Math.Clamp(Plain[i * _n + _label[i]] / Norms[i], -1, 1);

    /// <summary>The gradient of the samples.</summary>
    public double[] SampleGradient(double[] g, bool exact, bool semihard)
    {
        double[] dx = new double[_m * _k];
        for (int i = 0; i < _m; i++)
        {
            if (Type == MarginType.Double && Degenerate(i)) continue;
            if (semihard && !KeptBySemihard(i)) continue;
            (double a, double b) = Coefficients(i);
            if (!exact)
            {
                // At |x| = 0 b is infinite: a/|b| is 0, and b·x contributes nothing.
                double length = Math.Sqrt(a * a + b * b);
                (a, b) = Norms[i] == 0 ? (0, 0) : (a / length, b / length);
            }
            else if (Norms[i] == 0)
            {
                b = 0;
            }
            int y = _label[i];
            for (int t = 0; t < _k; t++)
            {
                double sum = 0;
                for (int j = 0; j < _n; j++)
                {
                    double w = W[j * _k + t];
                    if (j != y || Type == MarginType.Single)
                        sum += g[i * _n + j] * w;
                    else
                        sum += g[i * _n + j] * (Lambda * w + a * w + b * _x[i * _k + t]) / (1 + Lambda);
                }
                dx[i * _k + t] = sum;
            }
        }
        return dx;
    }

    /// <summary>The plain inner product's gradient of the weights.</summary>
    public double[] WeightGradient(double[] g)
    {
        double[] dw = new double[_n * _k];
        for (int i = 0; i < _m; i++)
            for (int j = 0; j < _n; j++)
                for (int t = 0; t < _k; t++)
                    dw[j * _k + t] += g[i * _n + j] * _x[i * _k + t];
        return dw;
    }

    public bool KeptBySemihard(int i)
    {
        int p = ArgMax(Logits, i), q = ArgMax(Plain, i);
        if (p == _label[i]) return false;
        return q == _label[i] || Type == MarginType.Single;
    }

    /// <summary>The distance of a cosine from the nearest place where the function changes its branch.</summary>
    public static double DistanceToBranch(MarginType type, double c) => type switch
    {
        MarginType.Single => 1,
        MarginType.Double => Math.Abs(c),
        MarginType.Triple => Math.Min(Math.Abs(c - 0.5), Math.Abs(c + 0.5)),
        _ => Math.Min(Math.Abs(c), Math.Min(Math.Abs(c - Math.Sqrt(0.5)), Math.Abs(c + Math.Sqrt(0.5)))),
    };

    private double[] NormalizedRows(double[] w)
    {
        double[] rows = (double[])w.Clone();
        for (int j = 0; j < _n; j++)
        {
            double norm = 0;
            for (int t = 0; t < _k; t++) norm += w[j * _k + t] * w[j * _k + t];
            norm = Math.Sqrt(norm);
            if (norm == 0) continue;
            for (int t = 0; t < _k; t++) rows[j * _k + t] /= norm;
        }
        return rows;
    }

    private bool Degenerate(int i) => Norms[i] <= 1e-3;

    private double LabelLogit(int i)
    {
        double d = Plain[i * _n + _label[i]], c = Cosine(i);
        if (Type == MarginType.Single) return d;
        if (Type == MarginType.Double && Degenerate(i)) return 0;
        double s0 = Math.Sign(c), psi;
        if (Type == MarginType.Double)
        {
            psi = 2 * s0 * c * c - 1;
        }
        else if (Type == MarginType.Triple)
        {
            double s1 = Math.Sign(Math.Abs(c) - 0.5), s2 = s0 * (1 + s1) - 2;
            psi = s1 * (4 * c * c * c - 3 * c) + s2;
        }
        else
        {
            double s3 = s0 * Math.Sign(2 * c * c - 1), s4 = 2 * s0 + s3 - 3;
            psi = s3 * (8 * c * c * c * c - 8 * c * c + 1) + s4;
        }
        return (Lambda * d + Norms[i] * psi) / (1 + Lambda);
    }

    private (double A, double B) Coefficients(int i)
    {
        double c = Cosine(i), s0 = Math.Sign(c), norm = Norms[i];
        if (Type == MarginType.Double) return (4 * s0 * c, -(2 * s0 * c * c + 1) / norm);
        if (Type == MarginType.Triple)
        {
            double s1 = Math.Sign(Math.Abs(c) - 0.5), s2 = s0 * (1 + s1) - 2;
            return (s1 * (12 * c * c - 3), -(8 * s1 * c * c * c - s2) / norm);
        }
        double s3 = s0 * Math.Sign(2 * c * c - 1), s4 = 2 * s0 + s3 - 3;
        return (s3 * (32 * c * c * c - 16 * c), -(s3 * (24 * c * c * c * c - 8 * c * c - 1) - s4) / norm);
    }

    private int ArgMax(double[] values, int i)
    {
        int best = 0;
        for (int j = 1; j < _n; j++)
            if (values[i * _n + j] > values[i * _n + best])
                best = j;
        return best;
    }
}
