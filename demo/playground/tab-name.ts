/** The views of the workbench. What each shows is in tabs.tsx. */
export type TabName = "call" | "attacks" | "write" | "terminal" | "inspect";
