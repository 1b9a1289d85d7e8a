using System.Text;
using Atl.Cli.CommandLine;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to a command line, a word a line: words and flags put in, removed, doubled, moved.</summary>
internal sealed class ArgumentMutator : Mutator
{
    // None that asks for much work.
    private static readonly string[] Values =
    [
        "", "-", "--", "-1", "0", "1", "3", "1.5", "nan", "99999999999", "-99999999999", "1e400", "0x1", "a,b", ",",
            "=", "a=b", "data=1,3,16,16",
        "data=-1", "x\0y", "a b", "é", "\u202E", "true", "false", "case/none", "scene", "scene/tree",
            "scene/deploy.prototxt",
        "scene/features.npy", "scene/good.caffemodel", "16x16", "0x0", "-5x5", "99999x99999999999",
    ];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<string> words = [.. Encoding.UTF8.GetString(data).Split('\n')];
        int place = random.Next(words.Count + 1), other = random.Next(words.Count);
        switch (random.Next(6))
        {
            case 0 when words.Count > 1:
                words.RemoveAt(other);
                break;
            case 1:
                words.Insert(place, words[other]);
                break;
            case 2:
                words[other] = Values[random.Next(Values.Length)];
                break;
            case 3:
                words.Insert(place, Values[random.Next(Values.Length)]);
                break;
            default:
                Flag[] flags =
                    [.. (Array.Find(Application.Commands, one => one.Name == words[0]) ?? Application.Commands[0])
                        .AllFlags];
                Flag flag = flags[random.Next(flags.Length)];
                string value = Values[random.Next(Values.Length)];
                words.Insert(place, random.Next(2) == 0 ? $"-{flag.Name}" : $"--{flag.Name}={value}");
                if (random.Next(2) == 0) words.Insert(Math.Min(words.Count, place + 1), value);
                break;
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', words));
    }
}
