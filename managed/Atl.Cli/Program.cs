Console.Error.WriteLine("atl: no command is part of this version yet");
return 1;
