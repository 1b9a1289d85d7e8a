using Google.Protobuf.Reflection;

namespace Atl.Proto.Tests.Text;

/// <summary>Messages of a net hold their places themselves.</summary>
public class PlacedMessagesTests
{
    [Test]
    public void EveryMessageOfANetHoldsItsPlace()
    {
        HashSet<MessageDescriptor> seen = [BlobProto.Descriptor];
        Stack<MessageDescriptor> left = new([NetParameter.Descriptor]);
        List<string> without = [];
        while (left.TryPop(out MessageDescriptor? message))
        {
            if (!seen.Add(message)) continue;
            if (!message.ClrType.IsAssignableTo(typeof(IPlaced))) without.Add(message.Name);
            foreach (FieldDescriptor field in message.Fields.InFieldNumberOrder())
                if (field.FieldType == FieldType.Message) left.Push(field.MessageType);
        }
        Assert.That(without, Is.Empty);
        Assert.That(seen, Has.Count.GreaterThan(50));
    }
}
