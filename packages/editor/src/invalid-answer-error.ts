import { PluginError } from "cloche";

/** A plugin's answer cannot be used: an edit outside of the text, for example. The plugin keeps running. */
export class InvalidAnswerError extends PluginError {
  static {
    InvalidAnswerError.prototype.name = "InvalidAnswerError";
  }
}
