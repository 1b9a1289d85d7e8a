using System.Text;

namespace Atl.Proto.Tests.Text;

public sealed class TextCommentsTests
{
    [Test]
    public void CommentsAndTheFieldsOrderStay()
    {
        // Neither order is that of the fields' numbers.
        const string Text = """
            # A header
            # of two lines.
            max_iter: 10   # found by trial
            # the net
            net: "a#b.prototxt" # no comment within
            base_lr: 0.1
            # the end
            """;
        Assert.That(Again<SolverParameter>(Text),
            Is.EqualTo(Text.Replace("10   #", "10  #", StringComparison.Ordinal)
                .Replace("\" #", "\"  #", StringComparison.Ordinal) + "\n"));
    }

    [Test]
    public void AByteOrderMarkIsNoField() =>
        Assert.That(Again<SolverParameter>("\uFEFF# the header\nmax_iter: 10\n"),
            Is.EqualTo("# the header\nmax_iter: 10\n"));

    [Test]
    public void TheyFollowWhatAnUpgradeMoves()
    {
        const string Text = """
            name: "old"
            # what goes in
            input: "data"
            input_dim: 1  # one image
            input_dim: 3  # of three channels
            input_dim: 8
            input_dim: 8
            # first
            layers {  # convolution
              name: "conv"
              type: CONVOLUTION  # 3 x 3
              bottom: "data" top: "conv"
              # twice for the bias
              blobs_lr: 1
              blobs_lr: 2
              convolution_param {
                # few
                num_output: 4
                kernel_size: 3
              }
            }  # behind it
            """;
        NetParameter net = TextFormat.Parse<NetParameter>(Text, "old.prototxt");
        NetUpgrade.Apply(net);
        string found = Print(net, Text);
        Assert.Multiple(() =>
        {
            Assert.That(found, Does.StartWith("name: \"old\"\n# what goes in\nlayer {\n"));
            Assert.That(found,
                Does.Contain("# first\n# convolution\nlayer {\n  name: \"conv\"\n  type: \"Convolution\"  # 3 x 3\n"));
            Assert.That(found, Does.Contain("    # few\n    num_output: 4\n"));
            Assert.That(found.Split('\n').Count(line => line.Contains('#', StringComparison.Ordinal)), Is.EqualTo(9),
                "none is lost, none comes twice");
            NetParameter again = TextFormat.Parse<NetParameter>(found);
            Assert.That(again, Is.EqualTo(net));
        });
    }

    [TestCase("# alone")]
    [TestCase("name: 'x' # last")]
    [TestCase("layer { name: 'a' } # one\nlayer { name: 'b' } # two")]
    [TestCase("name: \"it's\" # a quote in a text\n# 'an open one\nlayer { }")]
    [TestCase("name: 'a\\'#b' # behind an escape\r\n#\t\u00E4\r\n")]
    public void EveryCommentStaysOnce(string text)
    {
        string[] comments = [.. new[]
            { "# alone", "# last", "# one", "# two", "# a quote in a text", "# 'an open one", "# behind an escape",
            "#\t\u00E4" }.Where(text.Contains)];
        string found = Again<NetParameter>(text);
        Assert.That(comments, Is.Not.Empty);
        foreach (string comment in comments) Assert.That(found.Split(comment), Has.Length.EqualTo(2), found);
        Assert.That(TextFormat.Parse<NetParameter>(found), Is.EqualTo(TextFormat.Parse<NetParameter>(text)));
    }

    private static string Again<T>(string text)
        where T : Google.Protobuf.IMessage<T>, new() => Print(TextFormat.Parse<T>(text, "file.prototxt"), text);

    private static string Print(Google.Protobuf.IMessage message, string text)
    {
        using StringWriter writer = new();
        TextFormat.Print(message, writer, new TextComments(Encoding.UTF8.GetBytes(text)));
        return writer.ToString();
    }
}
