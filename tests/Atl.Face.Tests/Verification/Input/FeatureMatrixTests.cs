using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

public sealed class FeatureMatrixTests
{
    [TestCase(1, 3, 100)]
    [TestCase(10, 3, 12)]
    [TestCase(11, 3, 14)]
    [TestCase(7, 3, 1)]
    [TestCase(8, 3, 24)]
    [TestCase(9, 3, 24)]
    public void RowsAreReadInBlocksOfWholeRows(int rows, int columns, int blockValues)
    {
        long next = 0;
        FeatureMatrix matrix = FeatureMatrix.Read(rows, columns, (start, values) =>
        {
            Assert.That(start, Is.EqualTo(next), "one block after another");
            Assert.That(values.Length % columns, Is.Zero);
            Assert.That(values.Length, Is.LessThanOrEqualTo(Math.Max(columns, blockValues)));
            for (int i = 0; i < values.Length; i++) values[i] = start + i;
            next += values.Length;
        }, blockValues);
        Assert.That(next, Is.EqualTo(rows * columns));
        for (int row = 0; row < rows; row++)
            Assert.That(matrix[row].ToArray(),
                Is.EqualTo(Enumerable.Range(row * columns, columns).Select(value => (float)value)), $"row {row}");

        FeatureMatrix more = matrix.WithAbsent(2);
        Assert.That((more.Rows, more.Absent), Is.EqualTo((rows + 2, 2)));
        Assert.That(more[rows - 1].ToArray(), Is.EqualTo(matrix[rows - 1].ToArray()));
        Assert.That(more[rows].ToArray(), Has.All.NaN);
    }

    [Test]
    public void RowsAndWrappedValuesAreTheSameMatrix()
    {
        FeatureMatrix rows = FeatureMatrix.FromRows([[1, 2], [3, 4], [5, 6]]), wrapped = new([1, 2, 3, 4, 5, 6], 3, 2);
        for (int row = 0; row < 3; row++) Assert.That(rows[row].ToArray(), Is.EqualTo(wrapped[row].ToArray()));
        Assert.That(() => FeatureMatrix.FromRows([[1, 2], [3]]),
            Throws.ArgumentException.With.Message.EqualTo("feature 1 has 1 values, feature 0 has 2"));
        Assert.That(() => new FeatureMatrix(new float[5], 3, 2), Throws.ArgumentException);
    }
}
