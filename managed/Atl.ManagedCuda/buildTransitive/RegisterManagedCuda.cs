// Compiled into every C# project that references Atl.ManagedCuda (Atl.ManagedCuda.targets).
#pragma warning disable CA2255 // A module initializer is what makes the reference enough.

/// <summary>Registers ManagedCuda as Atl's binding of the CUDA driver when this assembly is loaded.</summary>
file static class RegisterManagedCuda
{
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Register() => Atl.ManagedCuda.ManagedCudaBinding.Register();
}
