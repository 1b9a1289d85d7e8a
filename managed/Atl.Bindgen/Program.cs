using Atl.Bindgen;

const string Usage = "usage: Atl.Bindgen [--check]   in the repository's root";
bool check = args is ["--check"];
if (args.Length > 0 && !check)
{
    Console.Error.WriteLine(Usage);
    return 1;
}
try
{
    string binding = BindingWriter.Write(Headers.Read("native/include"));
    string kernels = KernelWriter.Write(Kernels.Read("native"));
    bool isBindingRight = GeneratedFile.Bring("managed/Atl/Native/NativeMethods.g.cs", binding, check);
    bool areKernelsRight = GeneratedFile.Bring("managed/Atl/Devices/Cuda/Kernels/KernelSignatures.g.cs", kernels,
        check);
    return isBindingRight && areKernelsRight ? 0 : 1;
}
catch (BindgenException e)
{
    Console.Error.WriteLine($"bindings: {e.Message}");
    return 1;
}
