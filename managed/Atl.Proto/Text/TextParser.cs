using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>Builds a message from tokens, by the rules of protoc's own text parser.</summary>
internal sealed class TextParser(TextTokenizer tokens, TextFormatOptions options)
{
    private const int MostHints = 256;

    private readonly TextValueReader _values = new(tokens);
    private readonly Dictionary<(MessagePlan, string), string> _hints = [];

    private const int LongestName = 1000;

    // More than anyone reads; a file of something else may hold millions.
    private const int MostUnknown = 1000;

    // Fields, and values of enums, that the schema lacks: all of a file are named in one error.
    private readonly List<PrototxtProblem> _unknown = [];

    // Fields of another Caffe whose layer's type does not follow until later in the layer.
    private readonly List<PrototxtProblem> _undecided = [];
    private LayerParameter? _layer;
    private int _depth;
    private long _cost;

    /// <summary>Reads the whole file into the message.</summary>
    /// <exception cref="PrototxtException">The text breaks the format, or has fields that the schema lacks.</exception>
    public void ParseFile(IMessage message)
    {
        List<PrototxtProblem> problems = [];
        try
        {
            ParseFields(message);
        }
        catch (PrototxtException broken)
        {
            problems.AddRange(broken.Problems);
        }
        IEnumerable<PrototxtProblem> unknown = PrototxtProblem.InOrder(_unknown);
        if (options.UnknownField is null)
            problems.InsertRange(0, unknown);
        else
            foreach (PrototxtProblem field in unknown)
                options.UnknownField(field);
        if (problems.Count > 0)
            throw new PrototxtException(problems);
    }

    private void ParseFields(IMessage message)
    {
        MessagePlan plan = MessagePlan.For(message.Descriptor);
        SourceLocation start = tokens.Location with { Line = 1, Column = 1 };
        SourceMap.Entry entry = SourceMap.Add(message, start);
        while (tokens.Kind != TokenKind.End)
            ParseField(message, plan, entry);
        CheckRequired(message, plan, start);
    }

    private void ParseField(IMessage message, MessagePlan plan, SourceMap.Entry entry)
    {
        if (tokens.IsSymbol('['))
        {
            ParseBracketedName(plan);
            return;
        }
        SourceLocation location = tokens.Location;
        if (!AtFieldName)
            throw Unexpected($"the name of a field of {plan.Descriptor.Name}");
        ReadOnlySpan<byte> bytes = tokens.Text;
        FieldPlan? field = bytes.Length <= 256 ? Lookup(plan, bytes) : null;
        if (field is null)
        {
            ParseUnknownField(plan, entry, location);
            return;
        }
        tokens.Next();
        CheckSingular(message, field, location);
        bool hasColon = TrySymbol(':');
        if (!hasColon && !field.IsMessage)
            throw Unexpected($"':' after '{field.TextName}'");
        Record(message, field, entry, location);
        if (SkipEngine(field, location) || SkipUnknownValue(field))
            return;
        if (field.IsRepeated && TrySymbol('['))
            ParseList(message, field);
        else
            ParseValue(message, field, location);
        SkipSeparator();
    }

    private void ParseUnknownField(MessagePlan plan, SourceMap.Entry entry, SourceLocation location)
    {
        string name = Encoding.ASCII.GetString(tokens.Text);
        DialectField? dialect = DialectFields.Find(plan.Descriptor.Name, name);
        string text = dialect?.ToString()
            ?? $"'{name}' is not a field of {plan.Descriptor.Name}{Hint(plan, name)}";
        tokens.Next();
        string? value = SkipField(dialect is null ? null : entry, name);
        PrototxtProblem problem = new(location, text, plan.Descriptor.Name);
        if (dialect is not null && dialect.IsNeutral(value))
            Pass(location, $"'{name}' is a field of {dialect.Origin}: {value} changes nothing");
        else if (options.AllowUnknownFields || plan.IsReserved(name) || dialect is { IsHarmless: true }
            || (dialect is not null && IsOfAnotherCaffe(_layer)))
            Pass(location, text);
        else if (dialect is not null && _layer is { HasType: false })
            _undecided.Add(problem);
        else
            AddUnknown(problem);
    }

    private void AddUnknown(PrototxtProblem problem)
    {
        if (options.UnknownField is null && _unknown.Count == MostUnknown)
            throw new PrototxtException(problem.Location,
                $"more than {MostUnknown} unknown fields and values: the rest of the file is not read");
        _unknown.Add(problem);
    }

    // A layer that is not here need not be understood: that it is not here is what is said of it when the net is built.
    private static bool IsOfAnotherCaffe(LayerParameter? layer) => layer is { HasType: true }
        && DialectLayers.OriginOf(layer.Type) is not null;

    private void Pass(SourceLocation location, string problem) =>
        options.Note?.Invoke($"{location}: {problem} (ignored)");

    private void DecideOnFields(LayerParameter layer)
    {
        foreach (PrototxtProblem problem in _undecided)
        {
            if (IsOfAnotherCaffe(layer))
                Pass(problem.Location, problem.Text);
            else
                AddUnknown(problem);
        }
        _undecided.Clear();
    }

    // Which implementation another Caffe takes changes nothing here.
    private bool SkipEngine(FieldPlan field, SourceLocation location)
    {
        if (field.Descriptor.FieldType != FieldType.Enum || field.TextName != "engine"
            || tokens.Kind != TokenKind.Identifier)
            return false;
        string name = Encoding.ASCII.GetString(tokens.Text);
        if (DialectFields.OriginOfEngine(name) is not { } origin)
            return false;
        Pass(location, $"'{name}' is an engine of {origin}: it chooses an implementation");
        tokens.Next();
        SkipSeparator();
        return true;
    }

    // A word that an enum lacks hides nothing of what follows, as an unknown field does not.
    private bool SkipUnknownValue(FieldPlan field)
    {
        if (field.Descriptor.FieldType != FieldType.Enum || tokens.Kind != TokenKind.Identifier)
            return false;
        string name = Encoding.ASCII.GetString(tokens.Text);
        if (field.Descriptor.EnumType.FindValueByName(name) is not null)
            return false;
        AddUnknown(new PrototxtProblem(tokens.Location, TextValueReader.UnknownValue(field, name)));
        tokens.Next();
        SkipSeparator();
        return true;
    }

    private static FieldPlan? Lookup(MessagePlan plan, ReadOnlySpan<byte> bytes)
    {
        Span<char> name = stackalloc char[256];
        int length = Encoding.ASCII.GetChars(bytes, name);
        return plan.Find(name[..length]);
    }

    // Each name is looked for once, and no more than some: a file of nothing but unknown fields is read as fast as any.
    private string Hint(MessagePlan plan, string name)
    {
        if (_hints.TryGetValue((plan, name), out string? known))
            return known;
        if (_hints.Count == MostHints)
            return "";
        return _hints[(plan, name)] = UnknownFieldHint(plan, name);
    }

    private static string UnknownFieldHint(MessagePlan plan, string name)
    {
        string hint = NearestName.Hint(name, plan.FieldNames);
        if (hint.Length > 0)
            return hint;
        // A field that was put one level too high, such as num_output beside convolution_param instead of in it.
        string[] owners = [.. plan.Descriptor.Fields.InFieldNumberOrder()
            .Where(f => f.FieldType == FieldType.Message && !f.IsMap && f.MessageType.FindFieldByName(name) is not null)
            .Select(f => f.Name)];
        return owners.Length == 0
            ? "" : $"; it belongs inside {string.Join(", ", owners.Take(3))}{(owners.Length > 3 ? " or others" : "")}";
    }

    private static void CheckSingular(IMessage message, FieldPlan field, SourceLocation location)
    {
        FieldDescriptor descriptor = field.Descriptor;
        if (descriptor.IsRepeated)
            return;
        bool isSet = descriptor.HasPresence
            ? descriptor.Accessor.HasValue(message)
            : !TextValueReader.IsZero(descriptor.Accessor.GetValue(message));
        if (isSet)
            throw new PrototxtException(location,
                $"'{field.TextName}' is given a second time{FirstPlace(message, descriptor)}, expected once because "
                    + "it is not repeated");
        if (descriptor.RealContainingOneof?.Accessor.GetCaseFieldDescriptor(message) is { } other)
            throw new PrototxtException(location,
                $"'{field.TextName}' beside '{other.Name}', expected only one field of the oneof "
                    + $"'{other.RealContainingOneof.Name}'");
    }

    private static string FirstPlace(IMessage message, FieldDescriptor field) =>
        SourceMap.Find(message, field.FieldNumber) is { } first ? $" (first at {first.Line}:{first.Column})" : "";

    private static void Record(IMessage message, FieldPlan field, SourceMap.Entry entry, SourceLocation location)
    {
        if (!field.IsRepeated || field.Descriptor.Accessor.GetValue(message) is ICollection { Count: 0 })
            entry.Fields.Add((field.Descriptor.FieldNumber, location.Line, location.Column));
    }

    private void ParseList(IMessage message, FieldPlan field)
    {
        if (TrySymbol(']'))
            return;
        while (true)
        {
            ParseValue(message, field, tokens.Location);
            if (TrySymbol(']'))
                return;
            if (!TrySymbol(','))
                throw Unexpected($"',' or ']' in the list of '{field.TextName}'");
        }
    }

    private void ParseValue(IMessage message, FieldPlan field, SourceLocation location)
    {
        if (field.Descriptor.IsMap)
            ParseMapEntry((IDictionary)field.Descriptor.Accessor.GetValue(message), field, location);
        else if (field.IsRepeated)
            AddValue((IList)field.Descriptor.Accessor.GetValue(message), field, location);
        else
            field.Descriptor.Accessor.SetValue(message, ReadValue(field, location));
    }

    private void AddValue(IList list, FieldPlan field, SourceLocation location)
    {
        // Weights come as millions of floats: they go in without being boxed.
        if (list is RepeatedField<float> floats)
            floats.Add(_values.ReadFloat(field));
        else
            list.Add(ReadValue(field, location));
    }

    private object ReadValue(FieldPlan field, SourceLocation location)
    {
        if (!field.IsMessage)
            return _values.Read(field);
        IMessage child = ParseMessage(field, location);
        return field.IsWrapper ? child.Descriptor.FindFieldByNumber(1).Accessor.GetValue(child) : child;
    }

    private IMessage ParseMessage(FieldPlan field, SourceLocation location)
    {
        MessagePlan plan = MessagePlan.For(field.Descriptor.MessageType);
        _cost += plan.Cost;
        if (_cost > MessageCost.Most(tokens.Length, options.FewestBytes))
            throw new PrototxtException(location,
                $"more messages than a file of {tokens.Length} bytes needs, expected fewer empty ones");
        IMessage child = plan.Create();
        if (child is LayerParameter beginning)
            _layer = beginning;
        SourceMap.Entry entry = SourceMap.Add(child, location, plan.Places);
        char close = Open(field.TextName);
        while (!tokens.IsSymbol('}') && !tokens.IsSymbol('>'))
        {
            RefuseEnd(close, field.TextName, location);
            ParseField(child, plan, entry);
        }
        Close(close, field.TextName, location);
        plan.Places = entry.Fields.Count;
        CheckRequired(child, plan, location);
        if (child is LayerParameter ending)
        {
            DecideOnFields(ending);
            _layer = null;
        }
        return child;
    }

    private void ParseMapEntry(IDictionary map, FieldPlan field, SourceLocation location)
    {
        FieldPlan keyField = new(field.Descriptor.MessageType.FindFieldByNumber(1));
        FieldPlan valueField = new(field.Descriptor.MessageType.FindFieldByNumber(2));
        object? key = null;
        object? value = null;
        char close = Open(field.TextName);
        while (!tokens.IsSymbol('}') && !tokens.IsSymbol('>'))
        {
            RefuseEnd(close, field.TextName, location);
            SourceLocation place = tokens.Location;
            bool isKey = keyField.NameIs(tokens.Text);
            if (!isKey && !valueField.NameIs(tokens.Text))
                throw Unexpected($"'key' or 'value' of the map '{field.TextName}'");
            FieldPlan part = isKey ? keyField : valueField;
            if ((isKey ? key : value) is not null)
                throw new PrototxtException(place,
                    $"'{part.TextName}' is given a second time, expected once in an entry of '{field.TextName}'");
            tokens.Next();
            if (!TrySymbol(':') && !part.IsMessage)
                throw Unexpected($"':' after '{part.TextName}'");
            object read = ReadValue(part, place);
            (key, value) = isKey ? (read, value) : (key, read);
            SkipSeparator();
        }
        Close(close, field.TextName, location);
        map[key ?? TextValueReader.Zero(keyField)] = value ?? (valueField.IsMessage
            ? MessagePlan.For(valueField.Descriptor.MessageType).Create()
            : TextValueReader.Zero(valueField));
    }

    private void Descend()
    {
        if (++_depth > options.RecursionLimit)
            throw new PrototxtException(tokens.Location,
                $"messages nested deeper than {options.RecursionLimit}, expected less");
    }

    private char Open(string name)
    {
        Descend();
        if (TrySymbol('<'))
            return '>';
        if (TrySymbol('{'))
            return '}';
        throw Unexpected($"'{{' to open '{name}'");
    }

    private void Close(char close, string name, SourceLocation opened)
    {
        if (!TrySymbol(close))
            throw Unexpected($"'{close}' to close '{name}' of line {opened.Line}");
        _depth--;
    }

    private void RefuseEnd(char close, string name, SourceLocation opened)
    {
        if (tokens.Kind == TokenKind.End)
            throw Unexpected($"'{close}' to close '{name}' of line {opened.Line}");
    }

    private static void CheckRequired(IMessage message, MessagePlan plan, SourceLocation location)
    {
        foreach (FieldDescriptor field in plan.Required)
        {
            if (!field.Accessor.HasValue(message))
                throw new PrototxtException(location,
                    $"{plan.Descriptor.Name} without '{field.Name}', expected it because it is required");
        }
    }

    private void ParseBracketedName(MessagePlan plan)
    {
        SourceLocation location = tokens.Location;
        string name = ReadBracketedName();
        string problem = name.Contains('/')
            ? $"[{name}] is an expanded Any, expected a field of {plan.Descriptor.Name}: the schema holds no Any"
            : $"[{name}] is an extension, expected a field of {plan.Descriptor.Name}: it has no extension of this name";
        SkipField();
        if (options.AllowUnknownFields)
            Pass(location, problem);
        else
            AddUnknown(new PrototxtProblem(location, problem, plan.Descriptor.Name));
    }

    private string ReadBracketedName()
    {
        tokens.Next();
        StringBuilder name = new();
        while (!tokens.IsSymbol(']'))
        {
            if (tokens.Kind is TokenKind.End or TokenKind.String || tokens.IsSymbol('{') || tokens.IsSymbol(':'))
                throw Unexpected("']' after an extension's name");
            name.Append(Encoding.UTF8.GetString(tokens.Text));
            if (name.Length > LongestName) throw Unexpected("']' after an extension's name");
            tokens.Next();
        }
        if (name.Length == 0)
            throw Unexpected("an extension's name before ']'");
        tokens.Next();
        return name.ToString();
    }

    private bool AtFieldName => tokens.Kind == TokenKind.Identifier
        || (options.AllowUnknownFields && tokens.Kind == TokenKind.Integer);

    /// <summary>
    /// Skips the value of a field that the schema does not know: what follows its name tells whether it is a
    /// message. Gives the value as it stands where it is one word, number or string; null for all else. The entry,
    /// where there is one, keeps such values.
    /// </summary>
    private string? SkipField(SourceMap.Entry? entry = null, string path = "")
    {
        string? value = null;
        bool hasColon = TrySymbol(':');
        if (hasColon && !tokens.IsSymbol('{') && !tokens.IsSymbol('<'))
            value = SkipValue();
        else
            SkipMessage(entry, path);
        SkipSeparator();
        if (value is not null)
            entry?.AddPassedOver(path, value);
        return value;
    }

    private void SkipMessage(SourceMap.Entry? entry = null, string path = "")
    {
        SourceLocation location = tokens.Location;
        char close = Open("an unknown field");
        while (!tokens.IsSymbol('}') && !tokens.IsSymbol('>'))
        {
            RefuseEnd(close, "an unknown field", location);
            string name = "";
            if (tokens.IsSymbol('['))
                ReadBracketedName();
            else if (AtFieldName)
            {
                name = Encoding.ASCII.GetString(tokens.Text);
                tokens.Next();
            }
            else
                throw Unexpected("the name of a field");
            SkipField(entry, $"{path}.{name}");
        }
        Close(close, "an unknown field", location);
    }

    private string? SkipValue()
    {
        if (TrySymbol('['))
        {
            SkipList();
            return null;
        }
        string text = Encoding.UTF8.GetString(tokens.Text);
        if (tokens.Kind == TokenKind.String)
        {
            tokens.Next();
            bool isOne = tokens.Kind != TokenKind.String;
            while (tokens.Kind == TokenKind.String)
                tokens.Next();
            return isOne ? text : null;
        }
        bool negative = TrySymbol('-');
        if (tokens.Kind is not (TokenKind.Integer or TokenKind.Float or TokenKind.Identifier))
            throw Unexpected("a value");
        if (negative && tokens.Kind == TokenKind.Identifier && !TextValueReader.IsSpecialFloat(tokens.Text, out _))
            throw Unexpected("a number after '-'");
        text = Encoding.UTF8.GetString(tokens.Text);
        tokens.Next();
        return negative ? $"-{text}" : text;
    }

    private void SkipList()
    {
        Descend();
        bool more = !TrySymbol(']');
        while (more)
        {
            if (tokens.IsSymbol('{') || tokens.IsSymbol('<'))
                SkipMessage();
            else
                SkipValue();
            more = !TrySymbol(']');
            if (more && !TrySymbol(','))
                throw Unexpected("',' or ']' in a list");
        }
        _depth--;
    }

    private void SkipSeparator()
    {
        if (tokens.IsSymbol(';') || tokens.IsSymbol(','))
            tokens.Next();
    }

    private bool TrySymbol(char symbol)
    {
        if (!tokens.IsSymbol(symbol))
            return false;
        tokens.Next();
        return true;
    }

    private PrototxtException Unexpected(string expected) =>
        new(tokens.Location, $"{tokens.Describe()}, expected {expected}");
}
