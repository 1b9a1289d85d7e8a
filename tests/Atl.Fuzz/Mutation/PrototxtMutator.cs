using System.Text;
using Google.Protobuf.Reflection;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to nested text: blocks doubled, removed, moved into one another, and fields that the format
/// has.</summary>
/// <param name="root">The message that the text is one of; its fields, and those below them, are put in.</param>
internal sealed class PrototxtMutator(MessageDescriptor root) : Mutator
{
    private readonly FieldDescriptor[] _fields = [.. FieldsBelow(root)],
        _rootFields = [.. root.Fields.InDeclarationOrder()];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        string text = Encoding.Latin1.GetString(data);
        List<(int Start, int End)> blocks = Blocks(text);
        if (blocks.Count == 0) return Encoding.Latin1.GetBytes(text + NewField(_rootFields, random));
        (int start, int end) = blocks[random.Next(blocks.Count)];
        int inside = text.IndexOf('{', start) + 1;
        return Encoding.Latin1.GetBytes(random.Next(6) switch
        {
            0 => text.Remove(start, end - start),
            1 => text.Insert(end, text[start..end]),
            2 => text.Insert(InsideOf(text, blocks[random.Next(blocks.Count)]), text[start..end]),
            3 => text.Remove(inside, end - 1 - inside),
            _ => text.Insert(inside, NewField(_fields, random)),
        });
    }

    private static int InsideOf(string text, (int Start, int End) block) => text.IndexOf('{', block.Start) + 1;

    // Each from the name before the brace to the brace that closes it.
    private static List<(int Start, int End)> Blocks(string text)
    {
        List<(int, int)> blocks = [];
        Stack<int> open = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{')
            {
                int start = i;
                while (start > 0 && (char.IsWhiteSpace(text[start - 1]) || text[start - 1] == ':')) start--;
                while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] == '_')) start--;
                open.Push(start);
            }
            else if (text[i] == '}' && open.TryPop(out int start))
            {
                blocks.Add((start, i + 1));
            }
        }
        return blocks;
    }

    private static string NewField(FieldDescriptor[] fields, Random random)
    {
        FieldDescriptor field = fields[random.Next(fields.Length)];
        return field.FieldType switch
        {
            FieldType.Message => $" {field.Name} {{ }} ",
            FieldType.Enum => $" {field.Name}: {field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Name} ",
            FieldType.String or FieldType.Bytes => $" {field.Name}: 'data' ",
            FieldType.Bool => $" {field.Name}: {(random.Next(2) == 0 ? "true" : "false")} ",
            _ => $" {field.Name}: {InterestingNumbers.Text(random)} ",
        };
    }

    private static IEnumerable<FieldDescriptor> FieldsBelow(MessageDescriptor root)
    {
        HashSet<string> seen = [root.FullName];
        Queue<MessageDescriptor> messages = new([root]);
        while (messages.TryDequeue(out MessageDescriptor? message))
        {
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            {
                yield return field;
                if (field.FieldType == FieldType.Message && seen.Add(field.MessageType.FullName))
                    messages.Enqueue(field.MessageType);
            }
        }
    }
}
