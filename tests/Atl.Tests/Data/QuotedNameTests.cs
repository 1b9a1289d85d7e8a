using Atl.Data;

namespace Atl.Tests.Data;

/// <summary>Names that could not be read back are quoted; all others stay as they are.</summary>
public class QuotedNameTests
{
    [TestCase("Ann/a.jpg")]
    [TestCase("a b 3.jpg")]
    [TestCase("-o.jpg")]
    [TestCase("#1.jpg")]
    [TestCase("back\\slash.jpg")]
    [TestCase("in \"quotes\".jpg")]
    [TestCase("Zoë 😀.jpg")]
    public void OrdinaryNamesStayAsTheyAre(string name)
    {
        Assert.That(QuotedName.Of(name), Is.EqualTo(name));
        Assert.That(QuotedName.OfLine(name), Is.EqualTo(name));
        Assert.That(QuotedName.Parse(name), Is.EqualTo(name));
    }

    [TestCase("a\tb.jpg", @"""a\tb.jpg""")]
    [TestCase("a\nb\r.jpg", @"""a\nb\r.jpg""")]
    [TestCase("\"a\".jpg", @"""\""a\"".jpg""")]
    [TestCase("a\\b\t", @"""a\\b\t""")]
    [TestCase(" a", @""" a""")]
    [TestCase("a ", @"""a """)]
    [TestCase("\u00a0a", "\"\u00a0a\"")]
    [TestCase("", @"""""")]
    [TestCase("\uFEFFa", @"""\ufeffa""")]
    [TestCase("a\u0001\u0085", @"""a\u0001\u0085""")]
    public void OthersAreQuotedAndReadBack(string name, string quoted)
    {
        Assert.That(QuotedName.Of(name), Is.EqualTo(quoted));
        Assert.That(QuotedName.Parse(quoted), Is.EqualTo(name));
        Assert.That(QuotedName.TryTake(quoted + "\t 7 ", out string read, out string rest), Is.True);
        Assert.That((read, rest), Is.EqualTo((name, "7")));
    }

    [Test]
    public void HalvesOfCharactersAreEscapes()
    {
        string half = "a" + '\ud83d';
        Assert.That(QuotedName.Of(half), Is.EqualTo(@"""a\ud83d"""));
        Assert.That(QuotedName.Parse(QuotedName.Of(half)), Is.EqualTo(half));
    }

    [Test]
    public void ANumberBehindABlankIsNoLabel()
    {
        Assert.That(QuotedName.OfLine("scan 12"), Is.EqualTo("\"scan 12\""));
        Assert.That(QuotedName.Of("scan 12"), Is.EqualTo("scan 12"));
    }

    [TestCase("\"open")]
    [TestCase("\"a\"b")]
    [TestCase("\"bad \\x escape\"")]
    [TestCase("\"short \\u12\"")]
    [TestCase("\"ends in \\")]
    [TestCase("\"")]
    public void WhatIsNoQuotedNameIsText(string text)
    {
        Assert.That(QuotedName.TryTake(text, out _, out _), Is.False);
        Assert.That(QuotedName.Parse(text), Is.EqualTo(text));
    }

    [Test]
    public void AnyNameIsReadBack()
    {
        Random random = new(3);
        const string Characters = "ab \t\n\r\"\\u0é\u0000\u0085\uFEFF\ud83d\ude00";
        for (int trial = 0; trial < 5000; trial++)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(8))
                .Select(_ => Characters[random.Next(Characters.Length)]));
            string written = QuotedName.Of(name);
            Assert.That(written.AsSpan().IndexOfAny("\t\n\r\0"), Is.LessThan(0));
            Assert.That(QuotedName.Parse(written.Trim()), Is.EqualTo(name));
        }
    }

    [Test]
    public void ListsOfImagesTakeQuotedPaths()
    {
        Assert.That(ImageList.Split("\"a\\tb 1.jpg\" 3", 1), Is.EqualTo(("a\tb 1.jpg", new[] { 3.0 })));
        Assert.That(ImageList.Split("\"a b.jpg\" 1 2.5", 2), Is.EqualTo(("a b.jpg", new[] { 1, 2.5 })));
        Assert.That(ImageList.Split("\"a b.jpg\" x 3", 1), Is.Null);
        Assert.That(ImageList.Split("\"a b.jpg\"", 1), Is.Null);
    }
}
