using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Atl.Devices;

namespace Atl.Operators;

/// <summary>Which class implements which specification on which device; found by attribute, so that a new operator is a new file only.</summary>
internal static class OperatorCatalog
{
    private static readonly Lazy<Dictionary<(Type Device, Type Spec), Func<Device, object, Operator?>>> Makers = new(Scan);

    public static bool TryCreate<TOperator>(Device device, OperatorSpec<TOperator> spec, [NotNullWhen(true)] out TOperator? made)
        where TOperator : Operator
    {
        made = Makers.Value.TryGetValue((device.GetType(), spec.GetType()), out Func<Device, object, Operator?>? maker)
            ? (TOperator?)maker(device, spec)
            : null;
        return made is not null;
    }

    /// <summary>Whether a device's class has the operator of a specification itself.</summary>
    public static bool Has(Type device, Type spec) => Makers.Value.ContainsKey((device, spec));

    /// <summary>All pairs of device and specification.</summary>
    public static IEnumerable<(Type Device, Type Spec)> All => Makers.Value.Keys;

    private static Dictionary<(Type Device, Type Spec), Func<Device, object, Operator?>> Scan()
    {
        Dictionary<(Type Device, Type Spec), Func<Device, object, Operator?>> makers = [];
        foreach (Type type in typeof(OperatorCatalog).Assembly.GetTypes())
            foreach (OperatorForAttribute attribute in type.GetCustomAttributes<OperatorForAttribute>())
                makers.Add((attribute.DeviceType, attribute.SpecType), Compile(type, attribute));
        return makers;
    }

    private static Func<Device, object, Operator?> Compile(Type type, OperatorForAttribute attribute)
    {
        ConstructorInfo constructor = type.GetConstructor(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [attribute.DeviceType, attribute.SpecType])
            ?? throw new InvalidOperationException($"{type} needs a constructor ({attribute.DeviceType.Name}, {attribute.SpecType.Name})");
        // A class that serves some specifications only says so.
        MethodInfo? serves = type.GetMethod("Serves", BindingFlags.Public | BindingFlags.Static, [attribute.SpecType]);
        return (device, spec) =>
        {
            if (serves is not null && !(bool)serves.Invoke(null, [spec])!) return null;
            try
            {
                return (Operator)constructor.Invoke([device, spec]);
            }
            catch (TargetInvocationException e) when (e.InnerException is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
                throw;
            }
        };
    }
}
