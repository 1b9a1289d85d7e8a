using System.Numerics.Tensors;
using Atl.Face.Verification;

namespace Atl.Face.Identification;

/// <summary>
/// Compares every probe with the whole gallery. Products of unit features in single precision say which scores may
/// decide, and those are recomputed in double precision.
/// </summary>
internal sealed class GallerySearch
{
    private const int ProbesAtOnce = 256;

    private readonly ImageSet _gallery, _probes;
    private readonly double[] _zero;
    private readonly UnitFeatures _galleryUnits, _probeUnits;

    // Of the gallery's usable images, which stand person by person, so that a person is counted once.
    private readonly int[] _people;

    // Where the usable probes stand among the probes.
    private readonly int[] _places;

    // For each usable probe the image of the person last found not to be below the probe's own; −1 for none.
    private readonly int[] _lastAbove;

    public GallerySearch(ImageSet gallery, ImageSet probes)
    {
        (_gallery, _probes) = (gallery, probes);
        _zero = new double[gallery.Features.Columns];
        (int[] usable, GalleryLeftOut) = Parted(gallery);
        (_places, ProbesLeftOut) = Parted(probes);
        usable = [.. usable.OrderBy(place => gallery.Labels[place])];
        _people = [.. usable.Select(place => gallery.Labels[place])];
        _galleryUnits = new UnitFeatures(gallery.Features, [.. usable.Select(place => gallery.Rows[place])]);
        _probeUnits = new UnitFeatures(probes.Features, [.. _places.Select(place => probes.Rows[place])]);
        _lastAbove = new int[_places.Length];
        Array.Fill(_lastAbove, -1);
        Ranks = new int?[probes.Rows.Count];
        Own = new double[probes.Rows.Count];
        Top = new double[probes.Rows.Count];
        Array.Fill(Own, double.NegativeInfinity);
        Array.Fill(Top, double.NegativeInfinity);
    }

    /// <summary>Places in the gallery whose feature has no direction.</summary>
    public int[] GalleryLeftOut { get; }

    /// <summary>Places among the probes whose feature has no direction.</summary>
    public int[] ProbesLeftOut { get; }

    /// <summary>The rank of each probe's person; null where that person is never found.</summary>
    public int?[] Ranks { get; }

    /// <summary>The score of each probe's own person; −∞ where there is none.</summary>
    public double[] Own { get; }

    /// <summary>The highest score of each probe.</summary>
    public double[] Top { get; }

    /// <summary>Looks for all probes.</summary>
    public void Run()
    {
        if (_people.Length == 0 || _places.Length == 0) return;
        ScoreOwn();
        ProductTiles.EachProduct(_probeUnits, _galleryUnits, ProbesAtOnce,
            (firstProbe, count, firstColumn, columns, products) =>
            {
                for (int i = 0; i < count; i++)
                    Look(firstProbe + i, firstColumn, products.Slice(i * columns, columns));
            });
    }

    private static (int[] Usable, int[] LeftOut) Parted(ImageSet set)
    {
        ILookup<bool, int> places = Enumerable.Range(0, set.Rows.Count)
            .ToLookup(place => set.Features.StateOf(set.Rows[place]) == FeatureState.Usable);
        return ([.. places[true]], [.. places[false]]);
    }

    private void ScoreOwn()
    {
        var firstOf = new Dictionary<int, int>();
        for (int column = _people.Length - 1; column >= 0; column--)
            firstOf[_people[column]] = column;
        for (int i = 0; i < _places.Length; i++)
        {
            int probe = _places[i];
            if (!firstOf.TryGetValue(_probes.Labels[probe], out int first)) continue;
            for (int column = first; column < _people.Length && _people[column] == _people[first]; column++)
                Own[probe] = Math.Max(Own[probe], Exact(column, i));
            Ranks[probe] = 1;
        }
    }

    // Takes the rounded scores of the i-th usable probe with some images of the gallery.
    private void Look(int i, int firstColumn, ReadOnlySpan<float> scores)
    {
        double error = _galleryUnits.Error;
        int probe = _places[i], label = _probes.Labels[probe];
        bool known = Ranks[probe] is not null;
        double floor = known ? Math.Min(Own[probe], Top[probe]) : Top[probe];
        if (TensorPrimitives.Max(scores) < floor - error) return;
        for (int j = 0; j < scores.Length; j++)
        {
            double score = scores[j];
            int column = firstColumn + j, person = _people[column];
            bool mayBeTop = score > Top[probe] - error;
            bool mayBeAbove = known && score >= Own[probe] - error && person != label
                && (_lastAbove[i] < 0 || _people[_lastAbove[i]] != person);
            if (!mayBeTop && !mayBeAbove) continue;
            if (mayBeTop || score <= Own[probe] + error) score = Exact(column, i);
            if (mayBeTop) Top[probe] = Math.Max(Top[probe], score);
            if (!mayBeAbove || score < Own[probe]) continue;
            Ranks[probe]++;
            _lastAbove[i] = column;
        }
    }

    private double Exact(int column, int i) => CosineScores.Cosine(
        _gallery.Features[_galleryUnits.Rows[column]], _probes.Features[_probeUnits.Rows[i]], _zero);
}
