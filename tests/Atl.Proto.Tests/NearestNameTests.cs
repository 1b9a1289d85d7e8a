namespace Atl.Proto.Tests;

public sealed class NearestNameTests
{
    [TestCase("Convolutoin", "Convolution")]
    [TestCase("convolution", "Convolution")]
    [TestCase("Relu", "ReLU")]
    [TestCase("MarginInnerproduct", "MarginInnerProduct")]
    [TestCase("Polling", "Pooling")]
    [TestCase("Xyzzy", null)]
    [TestCase("", null)]
    public void FindsTheNearest(string name, string? expected)
    {
        string[] known = ["Convolution", "ReLU", "PReLU", "Pooling", "InnerProduct", "MarginInnerProduct", "Data"];
        Assert.That(NearestName.Find(name, known), Is.EqualTo(expected));
        Assert.That(NearestName.Hint(name, known), Is.EqualTo(expected is null ? "" : $", did you mean '{expected}'?"));
    }

    [TestCase("XReLU", ", did you mean 'PReLU' or 'ReLU'?")]
    [TestCase("relu", ", did you mean 'ReLU'?")]
    [TestCase("Xyzzy", "")]
    public void SeveralAreNamedNearestFirst(string name, string hint) =>
        Assert.That(NearestName.Hint(name, ["Data", "ReLU6x", "PReLU", "ReLU"], 2), Is.EqualTo(hint));

    [TestCase("", "", 0)]
    [TestCase("abc", "", 3)]
    [TestCase("abc", "abc", 0)]
    [TestCase("abc", "acb", 1)]
    [TestCase("abc", "abd", 1)]
    [TestCase("abc", "ab", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("ca", "abc", 3)]
    public void CountsEdits(string first, string second, int distance)
    {
        Assert.That(NearestName.Distance(first, second), Is.EqualTo(distance));
        Assert.That(NearestName.Distance(second, first), Is.EqualTo(distance));
    }

    // What is too far away is given up early: the names found must be those of the whole distance.
    [Test]
    public void FindsAllWithinTheLimitAndNoOthers()
    {
        Random random = new(3);
        string[] words = [.. Enumerable.Range(0, 60).Select(_ => Word(random))];
        for (int i = 0; i < 60; i++)
        {
            // None of the words ends so, which would stand by itself.
            string name = $"{Word(random)}c";
            string wanted = name.ToLowerInvariant();
            string[] near = [.. words
                .Select(word => (Word: word, Distance: NearestName.Distance(wanted, word.ToLowerInvariant())))
                .Where(word => word.Distance <= 2 && word.Distance < Math.Max(wanted.Length, word.Word.Length))
                .OrderBy(word => word.Distance).Select(word => word.Word)];
            Assert.That(NearestName.FindSeveral(name, words, words.Length), Is.EqualTo(near), name);
        }
    }

    private static string Word(Random random) =>
        new([.. Enumerable.Range(0, random.Next(2, 8)).Select(_ => "abAB"[random.Next(4)])]);
}
