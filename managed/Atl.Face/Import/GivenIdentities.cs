using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// Who pictures show, as a list or an archive says it: in numbers, which are labels, or in names. Where both occur,
/// some are faults, which must not decide how all others are read.
/// </summary>
internal static class GivenIdentities
{
    /// <summary>Whether all are labels; they are then written without a fraction, as in "3" for "3.0".</summary>
    /// <param name="items">The pictures.</param>
    /// <param name="place">Where a picture's identity stands, for messages.</param>
    /// <exception cref="AtlException">Numbers and names are mixed, or a number is no label.</exception>
    public static bool AreLabels(IList<ImportItem> items, Func<int, string> place)
    {
        int[] names = [.. Enumerable.Range(0, items.Count).Where(i => !LabelText.IsNumber(items[i].Identity))];
        if (names.Length == items.Count) return false;
        int numbers = items.Count - names.Length;
        if (names.Length > numbers)
        {
            int number = Enumerable.Range(0, items.Count).Except(names).First();
            throw new AtlException(
                $"{place(number)}: found the number '{items[number].Identity}', expected a name, as {names.Length} other pictures have "
                + $"({numbers} have a number); give all pictures names, or all labels");
        }
        if (names is [var name, ..])
            throw new AtlException(
                $"{place(name)}: found '{items[name].Identity}', expected a whole number, as {numbers} other pictures have "
                + $"({names.Length} have none); give all pictures labels, or all names");
        for (int i = 0; i < items.Count; i++)
            items[i] = LabelText.TryParse(items[i].Identity, out int label)
                ? items[i] with { Identity = label.ToString(CultureInfo.InvariantCulture) }
                : throw new AtlException(
                    $"{place(i)}: found the label {items[i].Identity}, expected a whole number from 0 to {int.MaxValue - 1}");
        return true;
    }
}
