using Atl.TestSupport;

namespace Atl.Proto.Tests;

public sealed class CaffeBehaviourTests : CaffeBehaviourFixture<CaffeBehaviour>;
