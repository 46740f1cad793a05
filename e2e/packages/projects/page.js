import { show } from "./ways.js";

show();
