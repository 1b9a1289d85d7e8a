using System.Text;

namespace Atl.Proto.Tests.Files;

public sealed class TextEncodingsTests
{
    [TestCase(true, false)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    [TestCase(false, true)]
    public void Utf16IsToldWithAndWithoutItsMark(bool marked, bool bigEndian)
    {
        UnicodeEncoding encoding = new(bigEndian, marked);
        Assert.That(TextEncodings.IsUtf16([.. encoding.Preamble, .. encoding.GetBytes("name: 'a'")]), Is.True);
    }

    [TestCase("")]
    [TestCase("name")]
    [TestCase("\uFEFFname: 'a'")]
    [TestCase("\0\0\0\0")]
    public void OthersAreNot(string text) => Assert.That(TextEncodings.IsUtf16(Encoding.UTF8.GetBytes(text)), Is.False);
}
