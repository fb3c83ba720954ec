// Reads marts by pgjdbc, as DBeaver and Java tools do: java -cp postgresql.jar ReadMarts.java URL USER PASSWORD FOLDER, with
// lines NAME<tab>QUERY on standard input. Writes FOLDER/NAME.csv without headings, and \N for what is not there.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

public class ReadMarts {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Connection server = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            System.out.println(server.getMetaData().getDriverVersion());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t", 2);
                write(server, parts[1], Path.of(arguments[3], parts[0] + ".csv"));
            }
        }
    }

    private static void write(Connection server, String query, Path path) throws Exception {
        try (Statement statement = server.createStatement();
                ResultSet rows = statement.executeQuery(query);
                PrintWriter file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8))) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder cells = new StringBuilder();
                for (int column = 1; column <= columns; column++) {
                    Object value = rows.getObject(column); // a java.sql.Date is written as its day
                    String text = value == null ? "\\N" : value.toString();
                    cells.append(column == 1 ? "" : ",").append('"').append(text.replace("\"", "\"\"")).append('"');
                }
                file.print(cells.append("\r\n"));
            }
        }
    }
}
