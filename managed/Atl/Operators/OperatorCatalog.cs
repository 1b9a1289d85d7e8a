using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Atl.Devices;
using Atl.Registration;

namespace Atl.Operators;

/// <summary>
/// Which class implements which specification on which device. A class with an
/// <see cref="OperatorForAttribute{TDevice,TSpec}"/> is registered by the code that Atl.Generators adds to its
/// assembly. All members may be used by several threads.
/// </summary>
public static class OperatorCatalog
{
    private static readonly RegistrationTable<(Type Device, Type Spec), Func<Device, object, Operator?>> Table =
        new(AtlRegistration.RegisterOperators);

    /// <summary>
    /// Registers an operator's class, as generated code does. A second class for one specification on one device is an
    /// error where the operator is asked for.
    /// </summary>
    /// <param name="device">The device class.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="implementation">The class.</param>
    /// <param name="make">
    /// Calls the class's constructor with a device and a specification of these types; null where the class does not
    /// serve the specification's values.
    /// </param>
    public static void Register(Type device, Type spec, Type implementation, Func<Device, object, Operator?> make) =>
        Table.Add((device, spec), implementation, make);

    /// <summary>Makes an operator where the device has it.</summary>
    /// <exception cref="DeviceException">Two classes implement it.</exception>
    internal static bool TryCreate<TOperator>(
        Device device, OperatorSpec<TOperator> spec, [NotNullWhen(true)] out TOperator? made)
        where TOperator : Operator
    {
        (Type, Type) key = (device.GetType(), spec.GetType());
        if (Conflict(key) is { } conflict) throw new DeviceException(conflict);
        made = (TOperator?)Table.Find(key)?.Invoke(device, spec);
        return made is not null;
    }

    /// <summary>Errors about operators of an assembly that another assembly has, too.</summary>
    internal static IEnumerable<string> Conflicts(Assembly assembly) =>
        Table.Conflicts(assembly).Select(Conflict).OfType<string>();

    private static string? Conflict((Type Device, Type Spec) key) =>
        Table.Conflict(key) is { } conflict
            ? $"the operator for {key.Spec.Name} on {key.Device.Name} is {conflict}"
            : null;
}
