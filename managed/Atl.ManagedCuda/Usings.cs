// Within the namespace Atl.ManagedCuda the name ManagedCuda alone is this assembly's.
global using Cu = global::ManagedCuda;
global using CuTypes = global::ManagedCuda.BasicTypes;
