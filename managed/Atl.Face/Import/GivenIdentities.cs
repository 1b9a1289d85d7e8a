using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// The identities that a list or an archive gives: as numbers, which are labels, or as names. Where both occur, some
/// are faults, which must not decide how all others are read.
/// </summary>
internal static class GivenIdentities
{
    /// <summary>Whether all are labels; they are then written without a fraction, as in "3" for "3.0".</summary>
    /// <param name="items">The images.</param>
    /// <param name="place">Where an image's identity stands, for messages.</param>
    /// <param name="refuse">
    /// Called with each image that has a name among numbers, a number among names, or a number that is no label, and
    /// what is wrong; null where the first of them is an error.
    /// </param>
    /// <exception cref="AtlException">Numbers and names are mixed, or a number is no label.</exception>
    public static bool AreLabels(IList<ImportItem> items, Func<int, string> place, Action<int, string>? refuse = null)
    {
        refuse ??= (_, message) => throw new AtlException(message);
        int names = items.Count(item => !LabelText.IsNumber(item.Identity)), numbers = items.Count - names;
        bool labels = names <= numbers;
        for (int i = 0; i < items.Count; i++)
        {
            string identity = items[i].Identity;
            bool number = LabelText.IsNumber(identity);
            if (!labels && number)
                refuse(i, $"{place(i)}: found the number '{identity}', expected a name, as {names} other images have "
                    + $"({numbers} have a number); give all images names, or all labels");
            else if (labels && !number)
                refuse(i, $"{place(i)}: found '{identity}', expected a whole number, as {numbers} other images have "
                    + $"({names} have none); give all images labels, or all names");
            else if (labels && LabelText.TryParse(identity, out int label))
                items[i] = items[i] with { Identity = label.ToString(CultureInfo.InvariantCulture) };
            else if (labels)
                refuse(i,
                    $"{place(i)}: found the label {identity}, expected a whole number from 0 to {int.MaxValue - 1}");
        }
        return labels;
    }
}
