using Atl.Linting;
using Atl.TestSupport;

namespace Atl.Tests.Nets;

/// <summary>
/// What lint says of memory that layers share: layer, line, blob, what Atl and BVLC Caffe do, and what to write.
/// </summary>
public class HazardNotesTests : FolderFixture
{
    private const string Begin = """
        layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }
        layer { name: 's' type: 'Scale' bottom: 'x' top: 'a' }

        """;

    private const string End = "\nlayer { name: 'l' type: 'Reduction' bottom: 'f' top: 'l' loss_weight: 1 }";

    private static readonly TestCaseData[] Cases =
    [
        new("""
            layer { name: 't' type: 'TanH' bottom: 'a' top: 'f' }
            layer { name: 'p' type: 'Power' bottom: 'f' top: 'f' power_param { scale: 2 } }
            """,
            ":4:1: layer 'p' (Power) runs in place on 'f' and overwrites 'f', which layer 't' (TanH) needs for its gradient: Atl gives the top memory "
            + "of its own; BVLC Caffe computes something else; give the top a name of its own for the same result "
            + "everywhere"),
        new("""
            layer { name: 't' type: 'PReLU' bottom: 'a' top: 'a' }
            layer { name: 'p' type: 'Dropout' bottom: 'a' top: 'a' }
            layer { name: 'n' type: 'Power' bottom: 'a' top: 'f' }
            """,
            ":4:1: layer 'p' (Dropout) runs in place on 'a' and overwrites 'a', which layer 't' (PReLU) needs for its gradient: Atl gives the top memory "
            + "of its own; give the top a name of its own for the same result everywhere"),
        new("""
            layer { name: 't' type: 'LRN' bottom: 'b' top: 'c' }
            layer { name: 'p' type: 'Power' bottom: 'c' top: 'c' power_param { scale: 2 } }
            layer { name: 'n' type: 'Flatten' bottom: 'c' top: 'f' }
            """,
            ":5:1: layer 'p' (Power) runs in place on 'c' and overwrites 'c', which layer 't' (LRN) needs for its gradient: BVLC Caffe computes "
            + "something else; give the top a name of its own for the same result everywhere"),
        new("""
            layer { name: 'v' type: 'Flatten' bottom: 'a' top: 'f' }
            layer { name: 'r' type: 'ReLU' bottom: 'f' top: 'f' }
            layer { name: 'o' type: 'Power' bottom: 'a' top: 'o' }
            """,
            ":4:1: layer 'r' (ReLU) runs in place on 'f' and overwrites 'a', which layer 'o' (Power) reads later: Atl gives the top memory of "
            + "its own; BVLC Caffe computes something else; give the top a name of its own for the same result "
            + "everywhere"),
        new("""
            layer { name: 'v' type: 'Flatten' bottom: 'a' top: 'f' propagate_down: false }
            layer { name: 'o' type: 'Reduction' bottom: 'a' top: 'o' loss_weight: 1 }
            """,
            ":3:1: layer 'v' (Flatten) is to pass no gradient (propagate_down: false), but its top 'f' shares the diff "
                + "of its bottom: Atl stops the gradient here; in BVLC Caffe it flows on; replace it with a Power "
                + "layer to stop it everywhere"),
        new("""
            layer { name: 'p' type: 'Power' bottom: 'a' top: 'a' power_param { power: 2 } }
            layer { name: 'n' type: 'Power' bottom: 'a' top: 'f' }
            """,
            ":3:1: layer 'p' (Power) runs in place: BVLC Caffe, which needs the overwritten bottom, computes something "
                + "else; give the top a name of its own for the same result everywhere"),
        new("""
            layer { name: 'e' type: 'EuclideanLoss' bottom: 'a' bottom: 'x' top: 'e' }
            layer { name: 'f' type: 'Power' bottom: 'e' top: 'f' }
            """,
            ":3:1: layer 'e' (EuclideanLoss): its top 'e' has a loss weight by default and a reader that gives it a gradient: Atl adds both gradients; BVLC "
            + "Caffe loses that of the weight; write loss_weight: 1 for the same result everywhere"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void LintNamesLayerLineBlobAndRemedy(string layers, string note)
    {
        string path = _folder["net.prototxt"];
        string begin = layers.Contains("LRN", StringComparison.Ordinal)
            ? Begin + "layer { name: 'i' type: 'Reshape' bottom: 'a' top: 'b' reshape_param { shape { dim: 1 dim: 2 "
                + "dim: 1 dim: 1 } } }\n"
            : Begin;
        File.WriteAllText(path, begin + layers + End);
        LintedFile file = new Linter(allowUnknownFields: false).Check(path);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Is.EqualTo([path + note]));
    }

    [Test]
    public void LintSaysNothingOfAnOrdinaryNet()
    {
        string path = _folder["net.prototxt"];
        File.WriteAllText(path, Begin + """
            layer { name: 'b' type: 'BatchNorm' bottom: 'a' top: 'a' }
            layer { name: 'c' type: 'Scale' bottom: 'a' top: 'a' scale_param { bias_term: true } }
            layer { name: 'r' type: 'ReLU' bottom: 'a' top: 'a' }
            layer { name: 'v' type: 'Flatten' bottom: 'a' top: 'f' }
            """ + End);
        Assert.That(new Linter(allowUnknownFields: false).Check(path).Notes, Is.Empty);
    }
}
