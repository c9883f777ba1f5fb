// Run by the build: writes, as a C++ file, the tables and views that the steps of the schema lead to.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdio>
#include <exception>
#include <fstream>

#include "store/steps.hpp"

namespace {

void write_schema(const char* path) {
    SQLite::Database db(":memory:", SQLite::OPEN_READWRITE);
    nixie::take_steps(db, 0);
    std::ofstream out(path);
    out.exceptions(std::ios::failbit | std::ios::badbit);
    out << "// Made by src/store/whole_schema.\n#include \"store/whole_schema.hpp\"\n\n"
        << "namespace nixie {\nconst char* const whole_schema = R\"sql(\n";
    SQLite::Statement statements(db, R"sql(
        SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY rowid)sql");
    while (statements.executeStep()) out << statements.getColumn(0).getString() << ";\n";
    SQLite::Statement texts(db, "SELECT id, quote(text) FROM texts ORDER BY id");
    while (texts.executeStep())
        out << "INSERT INTO texts (id, text) VALUES (" << texts.getColumn(0).getString() << ", "
            << texts.getColumn(1).getString() << ");\n";
    out << ")sql\";\n} // namespace nixie\n";
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    try {
        write_schema(argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
        return 1;
    }
}
