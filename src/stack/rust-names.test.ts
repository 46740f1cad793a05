import { describe, expect, test } from "vitest";
import { readableRustName } from "./rust-names.ts";

/** Symbols that rustc 1.63 and 1.95 made, with the names that the backtraces of 1.95 show for such. */
const NAMES: readonly (readonly [mangled: string, name: string])[] = [
  ["_ZN5probe4fail17hd3415531b546d64fE", "probe::fail"],
  ["_ZN5probe5shelf13Book$LT$T$GT$4open17h30c04a7d1e860cadE", "probe::shelf::Book<T>::open"],
  [
    "_ZN66_$LT$probe..shelf..Book$LT$T$GT$$u20$as$u20$probe..shelf..Read$GT$4read28_$u7b$$u7b$closure$u7d$$u7d$17h2c6d67b82a368ab3E",
    "<probe::shelf::Book<T> as probe::shelf::Read>::read::{{closure}}",
  ],
  ["_RNvCs1VQLGaR7mhK_5probe4fail", "probe::fail"],
  [
    "_RNvXNtCs1VQLGaR7mhK_5probe5shelfINtB2_4BookNtNtCslNYArtu3iFV_5alloc6string6StringENtB2_4Read4readB4_",
    "<probe::shelf::Book<alloc::string::String> as probe::shelf::Read>::read",
  ],
  [
    "_RINvCs1VQLGaR7mhK_5probe7genericKj2_lTReINtNtCsgEmfK2I1SDS_4core6option6OptionhEEEB2_",
    "probe::generic::<2, i32, (&str, core::option::Option<u8>)>",
  ],
  [
    "_RINvNtNtCsjrHSEGnQ3l9_3std3sys9backtrace28___rust_begin_short_backtraceFEuuECs1VQLGaR7mhK_5probe",
    "std::sys::backtrace::__rust_begin_short_backtrace::<fn(), ()>",
  ],
  [
    "_RNCINvNtCsjrHSEGnQ3l9_3std2rt10lang_startuE0Cs1VQLGaR7mhK_5probe",
    "std::rt::lang_start::<()>::{closure#0}",
  ],
];

describe("a name of Rust", () => {
  test.each(NAMES)("is shown as in the source: %s", (mangled, name) => {
    expect(readableRustName(mangled)).toBe(name);
    expect(readableRustName(`${mangled}.llvm.123`)).toBe(name);
  });

  test.each([
    "__go",
    "_ZN5shelf4openEv",
    "_ZN5probe4fail17hd3415531b546d64E",
    "_ZN99probe4fail17hd3415531b546d64fE",
    "_ZNx17hd3415531b546d64fE",
    "_R",
    "_RNv",
    "_RNvC5probe99fail",
    "_RNvB_4fail",
    "_RNvC5probeu8gdel_5qa",
    `_R${"I".repeat(5000)}`,
    `_R${"NvC1a".repeat(5000)}`,
    `_ZN${"1a".repeat(10_000)}17hd3415531b546d64fE`,
  ])("is left as it is when it has another form: %#", (name) => {
    expect(readableRustName(name)).toBe(name);
  });

  test("does not grow without bound by references back to its parts", () => {
    const doubling = (count: number) => {
      let mangled = "INvC1a1b";
      let last = "h";
      for (let index = 0; index < count; index += 1) {
        const at = mangled.length;
        mangled += `T${last}${last}E`;
        last = `B${base62(at)}`;
      }
      return `_R${mangled}E`;
    };
    expect(readableRustName(doubling(2))).toBe("a::b::<(u8, u8), ((u8, u8), (u8, u8))>");
    expect(readableRustName(doubling(40))).toBe(doubling(40));
  });
});

function base62(value: number): string {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  let [rest, text] = [value - 1, ""];
  do {
    text = `${digits[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return `${text}_`;
}
