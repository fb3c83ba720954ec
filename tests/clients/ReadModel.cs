// Reads a semantic model in TMDL by Microsoft's own library, lets it judge the model, and prints what the model holds.
using System;
using System.Linq;
using Microsoft.AnalysisServices.Tabular;

public static class ReadModel
{
    public static int Main(string[] arguments)
    {
        var model = TmdlSerializer.DeserializeModelFromFolder(arguments[0]);
        var problems = model.Validate();
        foreach (ValidationError problem in problems.Errors)
        {
            Console.Error.WriteLine(problem.Message);
        }
        var tables = model.Tables;
        Console.WriteLine(string.Join("\t", new[] {
            typeof(Model).Assembly.GetName().Version.ToString(),
            tables.Count.ToString(),
            tables.Sum(table => table.Columns.Count).ToString(),
            tables.Sum(table => table.Measures.Count).ToString(),
            model.Relationships.Count.ToString(),
            model.Cultures.Sum(culture => culture.ObjectTranslations.Count).ToString(),
        }));
        return problems.Errors.Count == 0 ? 0 : 1;
    }
}
