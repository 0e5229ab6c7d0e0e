//! Requests and answers as JSON, shared by the Worker, the browser and the command line.
