// What Atl.Generators writes for layers is written by hand for the decoder: assemblies that are built with it and
// reference this one call the class's Register() when they are loaded.
[assembly: Atl.Registration.Registers(
    typeof(Atl.Images.OpenCvDecoder), layers: new string[0], operators: new string[0], solvers: new string[0])]
