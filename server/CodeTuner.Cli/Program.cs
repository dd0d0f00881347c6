Console.WriteLine("codetuner");
