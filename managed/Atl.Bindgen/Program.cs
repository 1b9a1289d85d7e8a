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
    return GeneratedFile.Bring("managed/Atl/Native/NativeMethods.g.cs", BindingWriter.Write(Headers.Read("native/include")), check) ? 0 : 1;
}
catch (BindgenException e)
{
    Console.Error.WriteLine($"bindings: {e.Message}");
    return 1;
}
