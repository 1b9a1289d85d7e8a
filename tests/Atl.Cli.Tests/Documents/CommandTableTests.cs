namespace Atl.Cli.Tests.Documents;

public sealed class CommandTableTests
{
    [TestCase("atl train -solver face_solver.prototxt")]
    [TestCase("atl extract faces/ -model=deploy.prototxt --weights F.caffemodel -out faces.npy")]
    [TestCase("atl help train")]
    [TestCase("caffe train --solver=face_solver.prototxt")]
    [TestCase("atl help COMMAND")]
    [TestCase("dotnet run build.cs -- COMMAND")]
    [TestCase("dotnet run build.cs -- test FromTheOrlFaces")]
    [TestCase("dotnet run build.cs -- bench verify --json FILE")]
    [TestCase("dotnet run --project managed/Atl.Cli -c Release -- layers")]
    [TestCase("dotnet build managed/Atl.Cli -p:WithManagedCuda=true")]
    [TestCase("cmake -S native/caffe -B build/caffe -DCAFFE_ROOT=/path -DCMAKE_BUILD_TYPE=Release")]
    [TestCase("cmake --build build/caffe --target caffe_install")]
    [TestCase("native/caffe/install.sh /path --dry-run")]
    public void WhatThereIsHasNoFault(string line) => Assert.That(Fault(line), Is.Null);

    [TestCase("atl trian -solver x", "atl has no command 'trian'")]
    [TestCase("atl help trian", "atl has no command 'trian'")]
    [TestCase("atl train -solvr x", "unknown flag '-solvr'")]
    [TestCase("atl align -mode none", "flag '-mode' is 'none'")]
    [TestCase("atl summary a b", "'b' is not understood")]
    [TestCase("caffe align x", "caffe has no command 'align'")]
    [TestCase("dotnet run build.cs -- tset", "build.cs has no command 'tset'")]
    [TestCase("dotnet run build.cs -- bench --jsno x", "build.cs bench has no option --jsno")]
    [TestCase("dotnet build managed/None", "no project managed/None")]
    [TestCase("dotnet build managed/Atl.Cli -p:WithManagedCudda=x", "no project reads the property WithManagedCudda")]
    [TestCase("dotnet run --project managed/Atl.Cli -- laiers", "atl has no command 'laiers'")]
    [TestCase("dotnet add package Atl.Fase", "build.cs pack makes no package Atl.Fase")]
    [TestCase("dotnet tool install atll", "build.cs pack makes no package atll")]
    [TestCase("cmake -S native/none", "no folder native/none")]
    [TestCase("cmake -S . -DCAFE_ROOT=x", "no CMakeLists.txt reads CAFE_ROOT")]
    [TestCase("cmake --build x --target cafe_install", "no CMakeLists.txt has the target cafe_install")]
    [TestCase("native/caffe/instal.sh", "no file native/caffe/instal.sh")]
    [TestCase("native/caffe/install.sh --dry-rum", "native/caffe/install.sh has no option --dry-rum")]
    [TestCase("convert a b", "no rule knows the program 'convert'")]
    public void WhatIsWrongIsNamed(string line, string fault) => Assert.That(Fault(line), Does.StartWith(fault));

    [Test]
    public void ATestThatThereIsNotIsNamed()
    {
        // In two parts, so that this file does not hold it.
        string name = "NoTestOf" + "ThisName";
        Assert.That(Fault($"dotnet run build.cs -- test {name}"), Is.EqualTo($"no test's name holds '{name}'"));
    }

    [Test]
    public void ProseNamesCommandsAndFlags()
    {
        Assert.That(Fragment("atl"), Is.Null);
        Assert.That(Fragment("atl verify -run RUN_DIR"), Is.Null);
        Assert.That(Fragment("atl time -iterations N"), Is.Null);
        Assert.That(Fragment("atl detect -notransposed"), Is.Null);
        Assert.That(Fragment("atl verify -ran RUN_DIR"), Is.EqualTo("verify has no flag '-ran'"));
        Assert.That(Fragment("atl verfy"), Is.EqualTo("atl has no command 'verfy'"));
    }

    private static string? Fault(string line) => CommandTable.Fault(ShellCommand.ReadAll(line, 1).Single());

    private static string? Fragment(string line) =>
        CommandTable.Fault(ShellCommand.ReadAll(line, 1).Single(), fragment: true);
}
