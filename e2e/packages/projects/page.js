import { show } from "./ways.js";

void show();
