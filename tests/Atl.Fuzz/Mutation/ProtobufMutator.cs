using Google.Protobuf;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the fields of a binary protobuf message, whose lengths stay right.</summary>
internal sealed class ProtobufMutator : Mutator
{
    private static readonly ByteMutator Raw = new();

    private static readonly WireFormat.WireType[] Types =
    [
        WireFormat.WireType.Varint, WireFormat.WireType.Fixed32, WireFormat.WireType.Fixed64,
        WireFormat.WireType.LengthDelimited,
    ];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        if (WireField.Parse(data) is not { Count: > 0 } root) return Raw.Mutate(data, random);
        List<(List<WireField> Owner, int Index)> all = [];
        Gather(root, all);
        (List<WireField> owner, int index) = all[random.Next(all.Count)];
        WireField field = owner[index];
        (List<WireField> elsewhere, int there) = all[random.Next(all.Count)];
        switch (random.Next(9))
        {
            case 0:
                owner.RemoveAt(index);
                break;
            case 1:
                owner.InsertRange(index, Enumerable.Range(0, 1 + random.Next(3)).Select(_ => field.Copy()));
                break;
            case 2:
                elsewhere.Insert(there, field.Copy());
                break;
            case 3:
                field.Number = 1 + random.Next(200);
                break;
            case 4:
                field.Type = Types[random.Next(Types.Length)];
                field.Bytes ??= field.Fields.Count == 0 ? [] : null;
                break;
            default:
                ChangeValue(field, random);
                break;
        }
        return WireField.Serialize(root);
    }

    private static void ChangeValue(WireField field, Random random)
    {
        if (field.Type != WireFormat.WireType.LengthDelimited)
            field.Value = (ulong)InterestingNumbers.Integer(random, (long)field.Value);
        else
            field.Bytes = Raw.Mutate(field.Bytes ?? WireField.Serialize(field.Fields), random);
    }

    private static void Gather(List<WireField> fields, List<(List<WireField> Owner, int Index)> all)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            all.Add((fields, i));
            Gather(fields[i].Fields, all);
        }
    }
}
