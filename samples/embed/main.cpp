// Says what a message reports, with the core alone: bytes in, verdicts out.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <nixie/judge.hpp>

int main(int argc, char** argv) {
    std::ifstream file(argc == 2 ? argv[1] : "");
    if (!file) {
        std::cerr << "usage: embed MESSAGE\n";
        return 64;
    }
    const std::string bytes(std::istreambuf_iterator<char>(file), {});

    // Making a judge compiles the rules, which takes a while: make one, and share it between threads.
    const nixie::Judge judge = nixie::Judge::built_in();
    const nixie::Judgement judgement = judge(bytes);

    std::cout << name(judgement.report.kind) << ": " << judgement.report.ground << '\n';
    for (std::size_t i = 0; i < judgement.verdicts.size(); ++i) {
        const nixie::Evidence& evidence = judgement.report.recipients[i];
        const nixie::Verdict& verdict = judgement.verdicts[i];
        std::cout << evidence.address.text << ' ' << name(verdict.type) << ' ' << name(verdict.category) << ' '
                  << name(verdict.reason) << ": " << info(verdict.category).action << '\n';
    }
}
